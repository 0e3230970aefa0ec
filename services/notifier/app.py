"""Wiring of the notifier."""

from contracts import topology
from contracts.catalog import CATALOG
from shared.service import App, Parts, run

from .handlers import Notifier
from .replay_handlers import Replaying
from .replay_store import Replays
from .replayer import Replayer
from .store import Subscriptions


class NotifierApp:
    """The notifier on its queues.

    One replica at a time takes events, one event after the other, so that their order holds whatever fails in between
    (what is given back comes again before the rest); others stand by.
    """

    def __init__(self, parts: Parts) -> None:
        self._subscriptions = Subscriptions(parts.store)
        self._replays = Replays(parts.store, parts.settings.worker_name, parts.settings.lease_s)
        self._replayer = Replayer(self._replays, self._subscriptions, parts)
        notifier = Notifier(self._subscriptions, parts.bus)
        replaying = Replaying(self._subscriptions, self._replays, parts.bus, self._replayer.wake)
        parts.bus.on(
            topology.NOTIFIER_COMMANDS,
            {
                "subscription.put.v1": notifier.put,
                "subscription.delete.v1": notifier.delete,
                "subscription.list.v1": notifier.list_subscriptions,
                "queue.rewind.v1": replaying.rewind,
                "event.replay.v1": replaying.replay,
            },
        )
        events = {key: notifier.republish for key, message in CATALOG.items() if message.role == "event"}
        parts.bus.on(topology.NOTIFIER_EVENTS, events, prefetch=1)

    async def prepare(self) -> None:
        await self._subscriptions.prepare()
        await self._replays.prepare()

    async def serve(self) -> None:
        await self._replayer.serve()

    async def stop(self) -> None:
        await self._replayer.stop()


def build(parts: Parts) -> App:
    """The service on its queues."""
    return NotifierApp(parts)


def main() -> None:
    """Run it."""
    run("notifier", build)
