"""Wiring of the merger."""

from contracts import topology
from shared.actor import Actor
from shared.service import App, Parts, run

from .handlers import merge


def build(parts: Parts) -> App:
    """The service on its queue."""
    return Actor("merge", topology.MERGER_UNITS, merge, parts)


def main() -> None:
    """Run it."""
    run("merger", build)
