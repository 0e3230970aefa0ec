"""The `vodflow` command: a thin face of the client for people and scripts."""

from .app import app, main

__all__ = ["app", "main"]
