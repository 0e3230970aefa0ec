"""Wiring of the pull contract: its commands, its part of the process."""

import asyncio
from contextlib import AsyncExitStack

from contracts.connection import Link
from shared.delivery import Handlers
from shared.rabbit import watched
from shared.service import Parts

from ..replays.store import Replays
from ..store import Subscriptions
from .dead_deliveries import DeadDeliveries
from .deliveries import Deliveries
from .pull import Pull
from .receiving import Receiving
from .redriving import Redriving
from .upkeep import Upkeep
from .waits import Waits
from .waits_store import WaitsStore

RECEIVES_AT_ONCE = 500
"""Commands that may wait in a replica, each with a channel: the broker allows a connection 2047."""


class Pulling:
    """The pull contract over all subscriptions' queues, with a connection of its own."""

    def __init__(self, parts: Parts, subscriptions: Subscriptions, replays: Replays) -> None:
        self.deliveries = Deliveries(parts.store)
        self._link = Link(watched(parts.settings.amqp_url), name="vodflow-notifier-pull")
        self._waits_store = WaitsStore(parts.store)
        self._waits = Waits(self.deliveries, self._waits_store)
        self._dead = DeadDeliveries(parts.store, self._link, poll_s=parts.settings.poll_s)
        receiving = Receiving(subscriptions, self.deliveries, self._link, self._waits)
        pull = Pull(subscriptions, self.deliveries, receiving, parts.bus)
        self._redriving = Redriving(parts.store, self._link)
        upkeep = Upkeep(pull, self.deliveries, replays, self._waits, self._redriving, self._link, parts.bus)
        self.receives: Handlers = {"queue.receive.v1": pull.receive, "event.pull.v1": pull.pull}
        self.commands: Handlers = {
            "queue.delete.v1": pull.delete,
            "queue.describe.v1": upkeep.describe,
            "queue.redrive.v1": upkeep.redrive,
            "queue.purge.v1": upkeep.purge,
            "event.confirm.v1": pull.confirm,
            "event.describe.v1": upkeep.count_to_pull,
        }

    async def prepare(self) -> None:
        """Make indexes."""
        await self.deliveries.prepare()
        await self._dead.prepare()
        await self._waits_store.prepare()
        await self._redriving.prepare()

    async def serve(self) -> None:
        """Wake those who wait, move what is dead, until cancelled."""
        async with AsyncExitStack() as stack:
            stack.push_async_exit(self._link)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._waits.run())
                group.create_task(self._dead.run())

    def stop(self) -> None:
        """Answer those who wait."""
        self._waits.end()
