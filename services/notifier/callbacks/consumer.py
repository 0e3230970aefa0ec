"""Consumes the queue of one HTTP subscription: what is in one lane goes in order; lanes go beside each other."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity

from contracts.connection import LOST, Link, Pauses, close
from contracts.errors import Unreachable
from contracts.feed import Feed, feed
from contracts.subscriptions import SubscriptionView
from shared.log import logger

from ..order import InOrder
from .letters import Letter, lane
from .posting import Poster
from .receiver import Closing, Receiver
from .schedule import Schedule
from .tries import Tries

AHEAD = 64
"""Events in hand of a subscription, whatever its strategy, in every replica: what goes back to a quorum queue comes
behind what went back before and was not delivered since, so who takes fewer than went back mixes their order."""
LOOK_S = 30.0
REST_S = 600.0
"""How long events stay in hand at most: then they go back, in order, and are taken anew; RabbitMQ has a limit, too."""

Held = tuple[AbstractIncomingMessage, Letter]


class Consumer:
    """Posts a subscription's events. The broker lets one replica at a time have them; others stand by."""

    def __init__(
        self,
        subscription: SubscriptionView,
        link: Link,
        poster: Poster,
        schedule: Schedule,
        stands: Callable[[], Awaitable[bool]],
    ) -> None:
        self.receiver = Receiver(subscription)
        self._stands = stands
        self._link = link
        self._poster = poster
        self._schedule = schedule
        self._pauses = Pauses()
        self._feed: Feed | None = None

    @property
    def attached(self) -> bool:
        """Whether it is at its queue, active or standing by."""
        return self._feed is not None

    async def close(self) -> None:
        """Begin no new try; `run` returns when those that run have ended."""
        self.receiver.close()
        if self._feed is not None:
            await self._feed.end()

    async def run(self) -> None:
        """Until the receiver is closed, reconnecting; what is not done by then stays in the queue.

        A queue of the same name may be another subscription's by then, whose events are not for this one's receiver.
        """
        queue = self.receiver.subscription.queue
        while not self.receiver.closing:
            try:
                if not await self._stands():
                    return
                await self._attached(queue)
            except ChannelNotFoundEntity:
                logger().info("the queue of a subscription is not there", queue=queue)
            except (*LOST, Unreachable) as error:
                logger().warning("can't consume; trying again", queue=queue, error=f"{type(error).__name__}: {error}")
            except Exception as error:
                logger().error("callbacks failed; trying again", queue=queue, exc_info=error)
            with suppress(Closing):
                await self.receiver.pause(self._pauses.next())

    async def _attached(self, name: str) -> None:
        channel = await self._link.open_channel(prefetch=AHEAD, on_return_raises=True)
        try:
            queue = await channel.get_queue(name)
            await self._consume(queue, Tries(self.receiver, channel, self._poster, self._schedule))
        finally:
            await close(channel)

    async def _consume(self, queue: AbstractQueue, tries: Tries) -> None:
        lost: Exception | None = None
        async with feed(queue) as messages, asyncio.TaskGroup() as group:
            self._feed = messages
            lanes = InOrder[Held](group, lambda held: _carried(held, tries, messages))
            try:
                await self._take(queue, messages, tries, lanes)
            except LOST as error:
                lost = error
            self._feed = None
            if not self.receiver.closing:
                lanes.drop()
        if lost is not None and not self.receiver.closing:
            raise lost

    async def _take(self, queue: AbstractQueue, messages: Feed, tries: Tries, lanes: InOrder[Held]) -> None:
        """Until no more can come, or it is time to rest."""
        while not self.receiver.closing and lanes.oldest_s < REST_S:
            try:
                message = await messages.next(LOOK_S)
            except TimeoutError:
                await self._look(queue)
                continue
            self._pauses.reset()
            if letter := await tries.opened(message):
                lanes.add(lane(letter, self.receiver.subscription), (message, letter))

    async def _look(self, queue: AbstractQueue) -> None:
        """Raises one of LOST when the queue is another than that which is consumed.

        Of one that is made again right after it was deleted RabbitMQ (3.10) says nothing, and feeds nobody.
        """
        channel = queue.channel
        found = await channel.declare_queue(queue.name, passive=True)
        if not found.declaration_result.consumer_count:
            raise ConnectionError("the queue has been made anew")


async def _carried(held: Held, tries: Tries, messages: Feed) -> bool:
    """Have an event posted, or put aside. False when it stays in its queue, with all that comes after it."""
    try:
        await tries.deliver(*held)
        return True
    except Closing:
        return False
    except Exception as error:
        known = isinstance(error, LOST)
        logger().warning("an event stays in its queue", error=repr(error), exc_info=None if known else error)
        await messages.end()
        return False
