"""`python -m services.intake`."""

from .app import main

main()
