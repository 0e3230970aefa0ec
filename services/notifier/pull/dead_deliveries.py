"""Pulled messages that are dead: received too often, or too old. Moved to their subscription's dead letters.

Published with a confirm, then deleted, under a lease: what a replica that dies in between leaves is moved again, with
the same id.
"""

import asyncio
import secrets
from collections.abc import Sequence

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import PublishError

from contracts.connection import LOST, Link, close
from contracts.envelope import CONTENT_TYPE
from contracts.errors import Unreachable
from shared.log import logger
from shared.store import Document, Store, StoreError

from .arrivals import NEVER

BATCH = 50
LEASE_MS = 30_000

_DUE = {
    "$or": [{"last": True}, {"$expr": {"$lte": ["$aged_at", "$$NOW"]}}],
    "$expr": {"$lte": ["$visible_at", "$$NOW"]},
}


class DeadDeliveries:
    """Looks for dead messages every now and then."""

    def __init__(self, store: Store, link: Link, *, poll_s: float) -> None:
        self._deliveries = store.collection("deliveries")
        self._link = link
        self._poll_s = poll_s

    async def prepare(self) -> None:
        """Make the indexes by which dead messages are found."""
        await self._deliveries.create_index([("last", 1)], sparse=True)
        await self._deliveries.create_index([("aged_at", 1)])

    async def run(self) -> None:
        """Move what is dead, for ever; as long as a server is away, wait for it."""
        while True:
            try:
                moved = await self.move()
            except (StoreError, Unreachable, *LOST) as error:
                logger().warning("can't move dead messages, trying again", error=f"{type(error).__name__}: {error}")
                moved = 0
            if moved < BATCH:
                await asyncio.sleep(self._poll_s)

    async def move(self) -> int:
        """Move a batch of dead messages; how many there were."""
        nonce = secrets.token_hex(8)
        if not (dead := await self._taken(nonce)):
            return 0
        channel = await self._link.open_channel(on_return_raises=True)
        try:
            moved = [one["_id"] for one in dead if await self._published(channel, one)]
        finally:
            await close(channel)
        await self._deliveries.delete_many({"_id": {"$in": moved}, "nonce": nonce})
        await self._revive([one["_id"] for one in dead if one["_id"] not in moved], nonce)
        return len(dead)

    async def _taken(self, nonce: str) -> list[Document]:
        found = await self._deliveries.find(_DUE, {"_id": 1}).limit(BATCH).to_list(BATCH)
        due = {"_id": {"$in": [one["_id"] for one in found]}}
        if not found:
            return []
        lease = {"nonce": nonce, "visible_at": {"$add": ["$$NOW", LEASE_MS]}}
        await self._deliveries.update_many({**due, **_DUE}, [{"$set": lease}])
        return await self._deliveries.find({**due, "nonce": nonce}).sort([("order", 1)]).to_list()

    async def _published(self, channel: AbstractChannel, one: Document) -> bool:
        """False when its subscription has no dead letters any more."""
        if not one["dead_queue"]:
            return False
        message = Message(
            bytes(one["body"]),
            content_type=CONTENT_TYPE,
            delivery_mode=DeliveryMode.PERSISTENT,
            message_id=one["message_id"].partition("/")[0],
            timestamp=one["enqueued_at"],
            headers={"vodflow-dequeue-count": one["count"]},
        )
        try:
            await channel.default_exchange.publish(message, routing_key=one["dead_queue"], mandatory=True)
        except PublishError:
            return False
        return True

    async def _revive(self, keys: Sequence[str], nonce: str) -> None:
        """There is nowhere to move them to: they can be received again."""
        if keys:
            logger().warning("dead messages without a queue for dead letters stay where they are", count=len(keys))
            alive: list[Document] = [{"$set": {"aged_at": NEVER, "visible_at": "$$NOW"}}, {"$unset": "last"}]
            await self._deliveries.update_many({"_id": {"$in": list(keys)}, "nonce": nonce}, alive)
