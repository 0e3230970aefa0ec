"""Wiring of the transcoder."""

from functools import partial

from contracts import topology
from shared.actor import Actor
from shared.service import App, Parts, run

from .handlers import transcode


def build(parts: Parts) -> App:
    """The service on its queue."""
    return Actor("transcode", topology.TRANSCODER_UNITS, partial(transcode, stall_s=parts.settings.stall_s), parts)


def main() -> None:
    """Run it."""
    run("transcoder", build)
