"""The notifier's part that replays: its commands, its documents, and what runs beside the handlers."""

from shared.delivery import Handlers
from shared.parts import Parts

from ..store import Subscriptions
from .handlers import ReplayCommands
from .replayer import Replayer
from .store import Replays


class Replaying:
    """Wired: `commands` go on the queue of commands; `replays` tells how a queue's replay stands, and stops it."""

    def __init__(self, parts: Parts, subscriptions: Subscriptions) -> None:
        self.replays = Replays(parts.store, parts.settings.worker_name, parts.settings.lease_s)
        self._replayer = Replayer(self.replays, subscriptions, parts)
        asked = ReplayCommands(subscriptions, self.replays, parts.bus, self._replayer.wake)
        self.commands: Handlers = {"queue.rewind.v1": asked.rewind, "event.replay.v1": asked.replay}

    async def prepare(self) -> None:
        """Make the indexes."""
        await self.replays.prepare()

    async def serve(self) -> None:
        """Run replays until `stop`."""
        await self._replayer.serve()

    async def stop(self) -> None:
        """Begin none; hand back what runs."""
        await self._replayer.stop()
