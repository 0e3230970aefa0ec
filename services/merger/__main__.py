"""`python -m services.merger`."""

from .app import main

main()
