"""How many wait on which queue in each replica, so that native consumers can be told from them. Fresh for a while."""

import secrets
from collections.abc import Mapping

from shared.store import Store

FRESH_MS = 10_000
TOLD_EVERY_S = 3.0
"""How often to tell what has not changed: well within FRESH_MS."""


class WaitsStore:
    """This replica's waits, told to the others; and theirs."""

    def __init__(self, store: Store) -> None:
        self._waits = store.collection("waits")
        self._replica = secrets.token_hex(8)

    async def prepare(self) -> None:
        """Make the index that forgets replicas that are gone."""
        await self._waits.create_index([("at", 1)], expireAfterSeconds=3600)

    async def tell(self, counts: Mapping[str, int]) -> None:
        """So many wait here, by queue."""
        queues = [{"queue": queue, "count": count} for queue, count in counts.items()]
        told = [{"$set": {"queues": {"$literal": queues}, "at": "$$NOW"}}]
        await self._waits.update_one({"_id": self._replica}, told, upsert=True)

    async def elsewhere(self, queue: str) -> int:
        """How many wait on a queue in other replicas."""
        fresh = {"$expr": {"$gt": ["$at", {"$subtract": ["$$NOW", FRESH_MS]}]}}
        found = self._waits.find({"_id": {"$ne": self._replica}, "queues.queue": queue, **fresh})
        return sum(
            int(one["count"]) for told in await found.to_list() for one in told["queues"] if one["queue"] == queue
        )
