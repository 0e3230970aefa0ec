"""Wiring of the notifier."""

import asyncio
import sys

from contracts import topology
from shared.service import App, Parts, run

from .callbacks.callbacks import Callbacks
from .changes import Changes
from .declaring_changes import Declaring
from .handlers import Notifier
from .operator_file import BadFile, Declared, declared
from .pull.pulling import RECEIVES_AT_ONCE, Pulling
from .replays.replaying import Replaying
from .republishing.relay import Relay
from .republishing.table_store import Table
from .store import Subscriptions


class NotifierApp:
    """The notifier on its queues.

    Any replica takes commands. One at a time takes events, so that their order holds; others stand by.
    """

    def __init__(self, parts: Parts, file: list[Declared]) -> None:
        self._grace_s = parts.settings.grace_s
        self._subscriptions = Subscriptions(parts.store)
        self._callbacks = Callbacks(parts.settings, self._subscriptions)
        self._replaying = Replaying(parts, self._subscriptions)
        self._pulling = Pulling(parts, self._subscriptions, self._replaying.replays)
        changes = Changes(self._subscriptions, parts.bus, parts.settings.callback_rules)
        changes.on_gone(self._replaying.replays.stop)
        changes.on_gone(self._pulling.deliveries.forget)
        self._declaring = Declaring(file, self._subscriptions, changes)
        self._relay = Relay(parts, Table(self._subscriptions), changes.mend)
        notifier = Notifier(self._subscriptions, changes, parts.bus)
        parts.bus.on(
            topology.NOTIFIER_COMMANDS,
            {
                "subscription.put.v1": notifier.put,
                "subscription.modify.v1": notifier.modify,
                "subscription.delete.v1": notifier.delete,
                "subscription.describe.v1": notifier.describe,
                "subscription.list.v1": notifier.list_subscriptions,
                **self._pulling.commands,
                **self._replaying.commands,
            },
        )
        parts.bus.on(topology.NOTIFIER_RECEIVES, self._pulling.receives, prefetch=RECEIVES_AT_ONCE)
        parts.bus.on_besides(lambda: self._relay.attached)

    async def prepare(self) -> None:
        await self._subscriptions.prepare()
        await self._pulling.prepare()
        await self._replaying.prepare()

    async def serve(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._events())
            group.create_task(self._pulling.serve())
            group.create_task(self._callbacks.serve())
            group.create_task(self._replaying.serve())

    async def stop(self) -> None:
        self._pulling.stop()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._relay.stop(self._grace_s))
            group.create_task(self._callbacks.stop())
            group.create_task(self._replaying.stop())

    async def _events(self) -> None:
        await self._declaring.done()
        await self._relay.serve()


def build(parts: Parts) -> App:
    """The service on its queues. Ends the process when the operator's file of subscriptions can't be applied."""
    file = parts.settings.subscriptions_file
    try:
        return NotifierApp(parts, declared(file, parts.settings.callback_rules) if file else [])
    except BadFile as bad:
        print(*bad.lines, sep="\n", file=sys.stderr)
        raise SystemExit(2) from None


def main() -> None:
    """Run it."""
    run("notifier", build)
