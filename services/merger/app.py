"""Wiring of the merger."""

from functools import partial

from contracts import topology
from shared.actor import Actor
from shared.service import App, Parts, run

from .handlers import merge


def build(parts: Parts) -> App:
    """The service on its queue."""
    return Actor("merge", topology.MERGER_UNITS, partial(merge, stall_s=parts.settings.stall_s), parts)


def main() -> None:
    """Run it."""
    run("merger", build)
