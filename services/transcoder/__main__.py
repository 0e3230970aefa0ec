"""`python -m services.transcoder`."""

from .app import main

main()
