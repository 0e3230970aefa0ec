"""Messages on their way from a subscriber queue at the broker into documents, where leases can be held on them.

Whatever was delivered is kept, then acked, and never given back: each return would count against the queue's limit.
A message that is delivered again because its ack was lost is kept already.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from contracts.subscriptions import SubscriptionView
from shared.delivery import held
from shared.log import logger

from .arrivals import Arrival, arrival
from .deliveries import Deliveries
from .waits import Waiting


class Taking:
    """Takes from one subscription's queue over a channel that nobody else uses."""

    def __init__(self, deliveries: Deliveries, subscription: SubscriptionView, channel: AbstractChannel) -> None:
        self._deliveries = deliveries
        self._subscription = subscription
        self._channel = channel

    async def ready(self, count: int) -> int:
        """Take up to `count` messages that are there; how many there were."""
        queue = await self._channel.get_queue(self._subscription.queue, ensure=False)
        messages: list[AbstractIncomingMessage] = []
        while len(messages) < count and (message := await queue.get(fail=False)):
            messages.append(message)
        await self._keep(messages)
        return len(messages)

    @asynccontextmanager
    async def following(self, waiting: Waiting) -> AsyncIterator[None]:
        """Have the next message brought to `waiting`; at the end of the context it is kept.

        One and no more: what is on its way to a consumer that is cancelled goes back to the queue, and is counted.
        """
        self._channel.close_callbacks.add(waiting.lose)
        (await self._channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(waiting.lose)
        await self._channel.set_qos(prefetch_count=1)
        queue = await self._channel.get_queue(self._subscription.queue, ensure=False)
        tag = await queue.consume(waiting.bring)
        try:
            yield
        finally:
            if not waiting.lost:
                await queue.cancel(tag)
            await self._keep(waiting.taken())

    async def _keep(self, messages: Sequence[AbstractIncomingMessage]) -> None:
        read = [(message, self._read(message)) for message in messages]
        arrivals = [one for _, one in read if one]
        if arrivals:
            await held(lambda: self._deliveries.keep(arrivals), "a received event")
        for message, one in read:
            if one:
                await message.ack()
            else:
                logger().error("no CloudEvent in a subscriber queue", queue=self._subscription.queue)
                await message.reject(requeue=False)

    def _read(self, message: AbstractIncomingMessage) -> Arrival | None:
        enqueued_at = message.timestamp or datetime.now(UTC)
        return arrival(self._subscription, message.body, message.headers, enqueued_at)
