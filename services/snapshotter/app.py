"""Wiring of the snapshotter."""

from functools import partial

from contracts import topology
from shared.actor import Actor
from shared.service import App, Parts, run

from .handlers import take


def build(parts: Parts) -> App:
    """The service on its queue."""
    return Actor("pictures", topology.SNAPSHOTTER_UNITS, partial(take, stall_s=parts.settings.stall_s), parts)


def main() -> None:
    """Run it."""
    run("snapshotter", build)
