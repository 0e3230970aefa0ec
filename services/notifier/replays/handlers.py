"""What the notifier does when it is asked for the past again."""

from collections.abc import Callable
from datetime import UTC, datetime

from contracts import codes
from contracts.envelope import event_id
from contracts.subscriber_queues import EventReplay, QueueRewind, QueueRewound
from contracts.subscriptions import SubscriptionView
from shared.bus import Bus, Received
from shared.errors import RequestError

from ..store import Subscriptions
from .rules import STREAM_AGE, Replay, check_since
from .store import Replays
from .stream import mark


class ReplayCommands:
    """Use cases: rewind a queue, replay a flow. Answered when that is written down; done by whichever replica."""

    def __init__(self, subscriptions: Subscriptions, replays: Replays, bus: Bus, wake: Callable[[], None]) -> None:
        self._subscriptions = subscriptions
        self._replays = replays
        self._bus = bus
        self._wake = wake

    async def rewind(self, received: Received) -> None:
        """Have the events since a moment put into the queue again."""
        asked: QueueRewind = received.data
        subscription = await self._subscriptions.named(received.event.tenant, asked.name)
        if not await self._replays.known(_id(received)):
            check_since(asked.since, subscription.rewind_s, datetime.now(UTC))
            await self._begin(_replay(received, subscription, since=asked.since))
        await self._answer(received, "queue.rewound.v1")

    async def replay(self, received: Received) -> None:
        """Have a flow's events put into the queue again. Of a flow that the stream does not know there are none."""
        asked: EventReplay = received.data
        subscription = await self._subscriptions.named(received.event.tenant, asked.name)
        if not await self._replays.known(_id(received)):
            since = datetime.now(UTC) - STREAM_AGE
            await self._begin(
                _replay(received, subscription, since=since, flow_id=asked.flow_id, from_sequence=asked.from_sequence)
            )
        await self._answer(received, "event.replayed.v1")

    async def _begin(self, replay: Replay) -> None:
        """Raises RequestError while another replay of the same subscription runs: they would get mixed up."""
        if other := await self._replays.begin(replay):
            text = f"replay {other} into this queue has not ended yet: ask again when queue.describe tells that it has"
            raise RequestError(text, codes.CANNOT_REWIND, "name")
        await mark(self._bus, replay.id)
        self._wake()

    async def _answer(self, received: Received, key: str) -> None:
        answer = self._bus.event(key, QueueRewound(replay_id=_id(received)), tenant=received.event.tenant)
        await self._bus.answer(received, answer)


def _id(received: Received) -> str:
    """The replay's id: the same when the command comes again."""
    return event_id("replay", received.event.tenant, received.event.id)


def _replay(
    received: Received,
    subscription: SubscriptionView,
    *,
    since: datetime,
    flow_id: str | None = None,
    from_sequence: int = 1,
) -> Replay:
    return Replay(
        id=_id(received),
        tenant=received.event.tenant,
        name=subscription.name,
        queue=subscription.queue,
        made_at=subscription.created_at,
        since=since,
        flow_id=flow_id,
        from_sequence=from_sequence,
    )
