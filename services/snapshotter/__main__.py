"""`python -m services.snapshotter`."""

from .app import main

main()
