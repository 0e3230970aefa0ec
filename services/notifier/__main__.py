"""`python -m services.notifier`."""

from .app import main

main()
