"""What an owner does with a subscription's queue as a whole: look at it, empty it, revive its dead letters."""

from aio_pika.exceptions import ChannelNotFoundEntity

from contracts import codes
from contracts.connection import Link
from contracts.model import Model
from contracts.pulled_events import EventDescribe, EventDescribed
from contracts.subscriber_queues import (
    QueueDescribe,
    QueueDescribed,
    QueuePurge,
    QueuePurged,
    QueueRedrive,
    QueueRedriven,
)
from contracts.subscriptions import SubscriptionView
from shared.bus import Bus, Received
from shared.errors import RequestError

from ..replays.store import Replays
from .deliveries import Deliveries
from .pull import Pull, nonce
from .redriving import Redriving
from .subscriber_counts import Stand, stand
from .waits import Waits


class Upkeep:
    """Use cases of those who look after a queue."""

    def __init__(
        self,
        pull: Pull,
        deliveries: Deliveries,
        replays: Replays,
        waits: Waits,
        redriving: Redriving,
        link: Link,
        bus: Bus,
    ) -> None:
        self._pull = pull
        self._redriving = redriving
        self._deliveries = deliveries
        self._replays = replays
        self._waits = waits
        self._link = link
        self._bus = bus

    async def describe(self, received: Received) -> None:
        """Answer with counts."""
        asked: QueueDescribe = received.data
        subscription = await self._pull.subscription(received, asked.name)
        queue, posted = subscription.queue, subscription.endpoint.kind == "http"
        here = await self._stand(subscription)
        dead = await stand(self._link, subscription.dead_queue) if subscription.dead_queue else None
        described = QueueDescribed(
            name=subscription.name,
            queue=queue,
            active_count=here.messages + await self._deliveries.free_count(queue),
            inactive_count=await self._deliveries.leased_count(queue),
            dead_count=dead.messages if dead else 0,
            consumer_count=0 if posted else max(0, here.consumers - await self._waits.count(queue)),
            oldest_at=await self._deliveries.oldest_at(queue),
            rewind=await self._replays.last(queue),
        )
        await self._answer(received, "queue.described.v1", described)

    async def count_to_pull(self, received: Received) -> None:
        """Answer with how many events there are to pull."""
        asked: EventDescribe = received.data
        subscription = await self._pull.subscription(received, asked.name)
        here = await self._stand(subscription)
        count = here.messages + await self._deliveries.free_count(subscription.queue)
        await self._answer(received, "event.described.v1", EventDescribed(count_of_events_to_pull=count))

    async def redrive(self, received: Received) -> None:
        """Move dead letters back."""
        asked: QueueRedrive = received.data
        subscription = await self._pull.subscription(received, asked.name)
        _with_dead_letters(subscription)
        await self._stand(subscription)
        count = await self._redriving.move(nonce(received), subscription, asked.count)
        await self._answer(received, "queue.redriven.v1", QueueRedriven(count=count))

    async def purge(self, received: Received) -> None:
        """Drop what waits, or what is dead."""
        asked: QueuePurge = received.data
        subscription = await self._pull.subscription(received, asked.name)
        if asked.dead:
            _with_dead_letters(subscription)
            count = await self._purged(subscription.dead_queue)
        else:
            await self._replays.stop(subscription.queue)
            count = await self._purged(subscription.queue) + await self._deliveries.purge(subscription.queue)
        await self._answer(received, "queue.purged.v1", QueuePurged(count=count))

    async def _stand(self, subscription: SubscriptionView) -> Stand:
        if (found := await stand(self._link, subscription.queue)) is None:
            raise RequestError(
                f"the queue {subscription.queue} is gone: put the subscription {subscription.name!r} again",
                codes.QUEUE_NOT_FOUND,
                "name",
            )
        return found

    async def _purged(self, queue: str) -> int:
        async with self._link.channel() as channel:
            try:
                done = await (await channel.get_queue(queue, ensure=False)).purge()
            except ChannelNotFoundEntity:
                return 0
            return int(done.message_count or 0)

    async def _answer(self, received: Received, key: str, data: Model) -> None:
        await self._bus.answer(received, self._bus.event(key, data, tenant=received.event.tenant))


def _with_dead_letters(subscription: SubscriptionView) -> None:
    if not subscription.dead_queue:
        raise RequestError(
            f"the subscription {subscription.name!r} has no dead letters: put one with dead_letters",
            codes.INVALID_PARAMETER_VALUE,
            "name",
        )
