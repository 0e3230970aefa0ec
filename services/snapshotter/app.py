"""Wiring of the snapshotter."""

from contracts import topology
from contracts.units import AnimationWork, PicturesWork
from shared.actor import Actor
from shared.attempt import Attempt, Made
from shared.service import App, Parts, run

from .handlers import WORKERS


def build(parts: Parts) -> App:
    """The service on its queue."""

    async def work(asked: PicturesWork | AnimationWork, attempt: Attempt) -> Made:
        made: Made = await WORKERS[type(asked)](asked, attempt, stall_s=parts.settings.stall_s)
        return made

    return Actor("pictures", topology.SNAPSHOTTER_UNITS, work, parts)


def main() -> None:
    """Run it."""
    run("snapshotter", build)
