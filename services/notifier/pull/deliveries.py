"""Messages that were taken from a subscriber queue by the pull contract and not deleted: documents with leases.

`_id` names queue, event and replay, so that a message that comes from the broker twice is kept once. `visible_at` is
the lease, by the server's clock: a message is to be had once it has passed; of a deleted one it is NEVER. A deleted
one is remembered for a while without its body: the command that deleted it may be asked again, and the broker may
deliver it again when a replica was cut off before its ack. One under its `last` lease, and one past `aged_at`, is dead
once that lease has ended.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.store import BulkError, Document, Filter, Store, only_duplicates

from .arrivals import NEVER, Arrival
from .handles import Handle

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
REMEMBERED_MS = 600_000
RIPE_MOST = 1000

_NOW = "$$NOW"
_LEASED = {"$expr": {"$gt": ["$visible_at", _NOW]}, "visible_at": {"$lt": NEVER}}
_IN_TIME = {"$and": [{"$lte": ["$visible_at", _NOW]}, {"$gt": ["$expires_at", _NOW]}, {"$gt": ["$aged_at", _NOW]}]}
_FREE = {"last": None, "$expr": _IN_TIME}
_FIRST: Sequence[tuple[str, int]] = [("visible_at", 1), ("order", 1)]


@dataclass(frozen=True)
class Terms:
    """A command's receipts: whose (`nonce`, the same when asked again), for which of its askings, for how long."""

    nonce: str
    asking: str
    visibility_s: float
    most_receipts: int | None


@dataclass(frozen=True)
class Leased:
    """A message under a lease."""

    handle: Handle
    message_id: str
    body: bytes
    enqueued_at: datetime
    first_dequeued_at: datetime
    next_visible_at: datetime


class Deliveries:
    """The leases of all subscriptions' messages, for every replica."""

    def __init__(self, store: Store) -> None:
        self._deliveries = store.collection("deliveries")

    async def prepare(self) -> None:
        """Make the indexes: for what is to be had, for repeated commands, and one that forgets what is too old."""
        await self._deliveries.create_index([("queue", 1), *_FIRST])
        await self._deliveries.create_index([("nonce", 1)], sparse=True)
        await self._deliveries.create_index([("expires_at", 1)], expireAfterSeconds=0)

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Keep messages, each once, to be had at once."""
        first = time.time_ns()
        documents = [_document(one, first + index) for index, one in enumerate(arrivals)]
        try:
            await self._deliveries.insert_many(documents, ordered=False)
        except BulkError as error:
            if not only_duplicates(error):
                raise

    async def lease(self, queue: str, count: int, terms: Terms) -> list[Leased]:
        """Up to `count` messages that are to be had: those whose lease ended first, then in order of arrival."""
        free = {"queue": queue, **_FREE}
        while True:
            found = await self._deliveries.find(free, {"_id": 1}).sort(_FIRST).limit(count).to_list(count)
            keys = [one["_id"] for one in found]
            if not keys:
                return []
            done = await self._deliveries.update_many({"_id": {"$in": keys}, **free}, [{"$set": _taken(terms)}])
            if done.modified_count:
                return await self._held({"_id": {"$in": keys}, "asking": terms.asking}, terms)

    async def again(self, queue: str, terms: Terms) -> list[Leased]:
        """What an earlier asking of the same command holds; it is this asking's from now on."""
        mine = {"nonce": terms.nonce, "queue": queue, **_LEASED}
        if await self._deliveries.find_one(mine, {"_id": 1}) is None:
            return []
        await self._deliveries.update_many(mine, {"$set": {"asking": terms.asking}})
        return await self._held({"queue": queue, "asking": terms.asking}, terms)

    async def give_back(self, queue: str, terms: Terms) -> None:
        """Nobody got the answer: what this asking holds is to be had at once, and was not received."""
        count = {"$subtract": ["$count", 1]}
        back = {
            "count": count,
            "visible_at": AT_ONCE,
            "first_dequeued_at": {"$cond": [{"$lte": [count, 0]}, None, "$first_dequeued_at"]},
        }
        mine = {"nonce": terms.nonce, "asking": terms.asking, "queue": queue, **_LEASED}
        await self._deliveries.update_many(mine, [{"$set": back}, {"$unset": ["nonce", "asking", "last"]}])

    async def delete(self, queue: str, handles: Sequence[Handle], by: str) -> set[Handle]:
        """Delete on behalf of the command `by`; those that it deleted, now or when it was asked before."""
        named = [{"_id": one.key, "count": one.count, "nonce": one.nonce} for one in handles]
        gone = {
            "visible_at": NEVER,
            "aged_at": NEVER,
            "deleted_by": by,
            "expires_at": {"$add": [_NOW, REMEMBERED_MS]},
        }
        await self._deliveries.update_many(
            {"queue": queue, "$or": named, **_LEASED}, [{"$set": gone}, {"$unset": ["body", "last"]}]
        )
        found = self._deliveries.find({"$or": named, "deleted_by": by}, {"count": 1, "nonce": 1})
        return {Handle(one["_id"], one["count"], one["nonce"]) for one in await found.to_list()}

    async def free_count(self, queue: str) -> int:
        """How many are to be had."""
        return await self._deliveries.count_documents({"queue": queue, **_FREE})

    async def leased_count(self, queue: str) -> int:
        """How many are out of sight."""
        return await self._deliveries.count_documents({"queue": queue, **_LEASED})

    async def oldest_at(self, queue: str) -> datetime | None:
        """When the oldest one came in."""
        there = {"queue": queue, "visible_at": {"$lt": NEVER}, "$expr": {"$gt": ["$expires_at", _NOW]}}
        found = await self._deliveries.find_one(there, {"enqueued_at": 1}, sort=[("enqueued_at", 1)])
        return found["enqueued_at"] if found else None

    async def ripe(self, queues: Sequence[str]) -> list[str]:
        """The queue of each message that is to be had, of these queues."""
        found = self._deliveries.find({"queue": {"$in": list(queues)}, **_FREE}, {"queue": 1})
        return [one["queue"] for one in await found.limit(RIPE_MOST).to_list(RIPE_MOST)]

    async def purge(self, queue: str) -> int:
        """Drop what was not deleted; how many."""
        done = await self._deliveries.delete_many({"queue": queue, "visible_at": {"$lt": NEVER}})
        return int(done.deleted_count)

    async def forget(self, queue: str) -> None:
        """The queue is gone: drop all of it."""
        await self._deliveries.delete_many({"queue": queue})

    async def _held(self, which: Filter, terms: Terms) -> list[Leased]:
        found = self._deliveries.find({**which, "nonce": terms.nonce, "visible_at": {"$lt": NEVER}})
        return [_leased(one) for one in await found.sort([("order", 1)]).to_list()]


def _document(one: Arrival, order: int) -> Document:
    return {
        "_id": one.key,
        "queue": one.queue,
        "dead_queue": one.dead_queue,
        "message_id": one.message_id,
        "body": one.body,
        "count": one.count,
        "order": order,
        "visible_at": AT_ONCE,
        "enqueued_at": one.enqueued_at,
        "first_dequeued_at": None,
        "expires_at": one.expires_at,
        "aged_at": one.aged_at,
    }


def _taken(terms: Terms) -> dict[str, Any]:
    count = {"$add": ["$count", 1]}
    until = {"$add": [_NOW, int(terms.visibility_s * 1000)]}
    most = terms.most_receipts
    return {
        "count": count,
        "nonce": terms.nonce,
        "asking": terms.asking,
        "visible_at": until,
        "last": "$$REMOVE" if most is None else {"$cond": [{"$gte": [count, most]}, True, "$$REMOVE"]},
        "first_dequeued_at": {"$ifNull": ["$first_dequeued_at", _NOW]},
    }


def _leased(one: Document) -> Leased:
    return Leased(
        handle=Handle(one["_id"], one["count"], one["nonce"]),
        message_id=one["message_id"],
        body=bytes(one["body"]),
        enqueued_at=one["enqueued_at"],
        first_dequeued_at=one["first_dequeued_at"],
        next_visible_at=one["visible_at"],
    )
