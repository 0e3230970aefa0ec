"""Wiring of the merger."""

from contracts import topology
from contracts.units import MergeWork, PackageWork
from shared.actor import Actor
from shared.attempt import Attempt, Made
from shared.service import App, Parts, run

from .handlers import WORKERS


def build(parts: Parts) -> App:
    """The service on its queue."""

    async def work(asked: MergeWork | PackageWork, attempt: Attempt) -> Made:
        made: Made = await WORKERS[type(asked)](asked, attempt, stall_s=parts.settings.stall_s)
        return made

    return Actor("merge", topology.MERGER_UNITS, work, parts)


def main() -> None:
    """Run it."""
    run("merger", build)
