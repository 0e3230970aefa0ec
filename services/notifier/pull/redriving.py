"""Dead letters back into the queue that they came from: published with confirms, then acked off the dead letters.

What a replica that dies in between has published and not acked is published again, with the same id. What a command
has moved is noted, so that one that is asked again goes on instead of beginning anew, and tells the whole.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from contracts.connection import Link, close
from contracts.subscriptions import SubscriptionView
from shared.store import Store

from ..queues import kept_s
from .subscriber_counts import stand

CHUNK = 100
NOTED_S = 86_400


class Redriving:
    """Moves dead letters on behalf of commands."""

    def __init__(self, store: Store, link: Link) -> None:
        self._redrives = store.collection("redrives")
        self._link = link

    async def prepare(self) -> None:
        """Make the index that forgets old commands."""
        await self._redrives.create_index([("begun_at", 1)], expireAfterSeconds=NOTED_S)

    async def move(self, command: str, subscription: SubscriptionView, most: int | None) -> int:
        """Move what was dead when `command` began, at most so many; how many, whoever moved them for it.

        Death headers are left behind, receipts are counted anew, the retention begins anew.
        """
        there = await stand(self._link, subscription.dead_queue)
        bound = min(there.messages if there else 0, most or 2**31)
        begun = {"bound": bound, "moved": 0, "begun_at": datetime.now(UTC)}
        noted = await self._noted(command, {"$setOnInsert": begun})
        while noted["bound"] > noted["moved"]:
            count = await self._move(subscription, min(noted["bound"] - noted["moved"], CHUNK))
            noted = await self._noted(command, {"$inc": {"moved": count}})
            if not count:
                break
        return int(noted["moved"])

    async def _noted(self, command: str, update: dict[str, dict[str, object]]) -> dict[str, int]:
        noted = await self._redrives.find_one_and_update({"_id": command}, update, upsert=True, return_document=True)
        assert noted is not None
        return noted

    async def _move(self, subscription: SubscriptionView, count: int) -> int:
        channel = await self._link.open_channel(on_return_raises=True)
        try:
            messages = await _taken(channel, subscription.dead_queue, count)
            async with asyncio.TaskGroup() as group:
                for message in messages:
                    group.create_task(_publish(channel, message, subscription))
            for message in messages:
                await message.ack()
        finally:
            await close(channel)
        return len(messages)


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
