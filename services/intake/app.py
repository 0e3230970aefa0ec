"""Wiring of intake."""

import asyncio

from contracts import topology
from shared.service import App, Parts, run

from .handlers import Intake
from .store import Submissions


class IntakeApp:
    """Intake on its queues."""

    def __init__(self, parts: Parts) -> None:
        self._submissions = Submissions(parts.store)
        self._intake = Intake(self._submissions, parts.bus, parts.settings.roots)
        self._poll_s = parts.settings.poll_s
        parts.bus.on(
            topology.INTAKE_COMMANDS,
            {"flow.submit.v1": self._intake.submit, "flow.cancel.v1": self._intake.cancel},
            prefetch=20,
        )
        parts.bus.on(topology.INTAKE_UNROUTED, {})

    async def prepare(self) -> None:
        await self._submissions.prepare()

    async def serve(self) -> None:
        while True:
            await asyncio.sleep(self._poll_s * 5)
            await self._intake.tell_untold()

    async def stop(self) -> None:
        return None


def build(parts: Parts) -> App:
    """The service on its queues."""
    return IntakeApp(parts)


def main() -> None:
    """Run it."""
    run("intake", build)
