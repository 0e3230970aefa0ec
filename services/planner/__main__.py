"""`python -m services.planner`."""

from .app import main

main()
