"""Dead letters back into the queue that they came from: published with a confirm, then acked off the dead letters.

What a replica that dies in between has published and not acked is published again, with the same id.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from contracts.connection import Link, close
from contracts.subscriptions import SubscriptionView

from .queues import kept_s
from .subscriber_counts import stand

CHUNK = 100


async def redriven(link: Link, subscription: SubscriptionView, most: int | None) -> int:
    """Move what is dead by now, at most so many; how many.

    Death headers are left behind, receipts are counted anew, the retention begins anew.
    """
    there = await stand(link, subscription.dead_queue)
    left = min(there.messages if there else 0, most or 2**31)
    moved = 0
    while left:
        channel = await link.open_channel(on_return_raises=True)
        try:
            messages = await _taken(channel, subscription.dead_queue, min(left, CHUNK))
            for message in messages:
                await _publish(channel, message, subscription)
                await message.ack()
        finally:
            await close(channel)
        moved += len(messages)
        left = left - len(messages) if messages else 0
    return moved


async def _taken(channel: AbstractChannel, name: str, count: int) -> Sequence[AbstractIncomingMessage]:
    queue = await channel.get_queue(name, ensure=False)
    messages: list[AbstractIncomingMessage] = []
    while len(messages) < count and (message := await queue.get(fail=False)):
        messages.append(message)
    return messages


async def _publish(channel: AbstractChannel, message: AbstractIncomingMessage, subscription: SubscriptionView) -> None:
    anew = Message(
        message.body,
        content_type=message.content_type,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        timestamp=datetime.now(UTC),
        expiration=kept_s(subscription),
    )
    await channel.default_exchange.publish(anew, routing_key=subscription.queue, mandatory=True)
