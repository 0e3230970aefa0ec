"""Wiring of the notifier."""

import asyncio

from contracts import topology
from contracts.catalog import CATALOG
from shared.service import App, Parts, run

from .callbacks import Callbacks
from .handlers import Notifier
from .pulling import RECEIVES_AT_ONCE, Pulling
from .store import Subscriptions


class NotifierApp:
    """The notifier on its queues.

    One replica at a time takes events, one event after the other, so that their order holds whatever fails in between
    (what is given back comes again before the rest); others stand by.
    """

    def __init__(self, parts: Parts) -> None:
        self._subscriptions = Subscriptions(parts.store)
        self._pulling = Pulling(parts, self._subscriptions)
        self._callbacks = Callbacks(parts.settings, self._subscriptions)
        notifier = Notifier(self._subscriptions, self._pulling.deliveries, parts.bus)
        parts.bus.on(
            topology.NOTIFIER_COMMANDS,
            {
                "subscription.put.v1": notifier.put,
                "subscription.delete.v1": notifier.delete,
                "subscription.list.v1": notifier.list_subscriptions,
                **self._pulling.commands,
            },
        )
        parts.bus.on(topology.NOTIFIER_RECEIVES, self._pulling.receives, prefetch=RECEIVES_AT_ONCE)
        events = {key: notifier.republish for key, message in CATALOG.items() if message.role == "event"}
        parts.bus.on(topology.NOTIFIER_EVENTS, events, prefetch=1)

    async def prepare(self) -> None:
        await self._subscriptions.prepare()
        await self._pulling.prepare()

    async def serve(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pulling.serve())
            group.create_task(self._callbacks.serve())

    async def stop(self) -> None:
        self._pulling.stop()
        await self._callbacks.stop()


def build(parts: Parts) -> App:
    """The service on its queues."""
    return NotifierApp(parts)


def main() -> None:
    """Run it."""
    run("notifier", build)
