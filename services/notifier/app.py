"""Wiring of the notifier."""

import sys

from contracts import topology
from shared.service import App, Parts, run

from .changes import Changes
from .declaring_changes import Declaring
from .handlers import Notifier
from .operator_file import BadFile, Declared, declared
from .relay import Relay
from .store import Subscriptions
from .table_store import Table


class NotifierApp:
    """The notifier on its queues.

    Any replica takes commands. One at a time takes events, so that their order holds; others stand by.
    """

    def __init__(self, parts: Parts, file: list[Declared]) -> None:
        self._grace_s = parts.settings.grace_s
        self._subscriptions = Subscriptions(parts.store)
        changes = Changes(self._subscriptions, parts.bus, parts.settings.callback_rules)
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
            },
        )
        parts.bus.on_besides(lambda: self._relay.attached)

    async def prepare(self) -> None:
        await self._subscriptions.prepare()

    async def serve(self) -> None:
        await self._declaring.done()
        await self._relay.serve()

    async def stop(self) -> None:
        await self._relay.stop(self._grace_s)


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
