"""A worker's units in MongoDB: accepted, claimed under a lease, renewed, ended once.

A unit's document: `_id` = unit and attempt; `state` waiting, running, placing, ended; `open` while not ended. A lease
is `owner` + `lease_until` by the server's clock, so that clocks of workers don't matter; every write of an owner
carries `owner` and `claims` in its filter (fencing). Placing means: this attempt has won, its `result` is fixed, its
files only have to be moved into place, which whoever holds the lease then does.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from contracts.units import UnitFinished, UnitRequest

from .store import Collection, Document, StoreError, unavailable

_EXPIRED = {"$expr": {"$lt": ["$lease_until", "$$NOW"]}}
_CLAIMABLE = [{"state": "waiting"}, {"state": {"$in": ["running", "placing"]}, **_EXPIRED}]


def unit_key(unit_id: str, attempt: int, flow_id: str) -> str:
    """The id of a unit's document."""
    return f"{flow_id}/{unit_id}.{attempt}"


@dataclass(frozen=True)
class Lease:
    """A claim on a unit. `claims` counts who had it, this claim included."""

    key: str
    owner: str
    claims: int
    request: UnitRequest
    result: UnitFinished | None
    moves: list[tuple[str, str]]
    """Set when the unit is only to be put in place: (staged, final) URLs."""
    traceparent: str | None

    @property
    def tag(self) -> str:
        """A name of this claim's own, for its files."""
        return f"{self.request.unit_id}.{self.request.attempt}.{self.claims}"


class Leases:
    """The units of one kind of worker."""

    def __init__(self, collection: Collection, owner: str, lease_s: float) -> None:
        self._units = collection
        self._owner = owner
        self._lease_ms = int(lease_s * 1000)

    async def prepare(self) -> None:
        """Make the indexes: one for claims, one for results not yet told, one that forgets old units."""
        await self._units.create_index([("open", 1), ("priority", -1), ("stamp", 1)])
        await self._units.create_index([("untold", 1)], sparse=True)
        await self._units.create_index([("ended_at", 1)], expireAfterSeconds=7 * 86_400)

    async def accept(self, request: UnitRequest, traceparent: str | None) -> UnitFinished | None:
        """Keep a request, once; if the unit has ended already, its result, to be told again."""
        key = unit_key(request.unit_id, request.attempt, request.flow_id)
        fresh: Document = {
            "state": "waiting",
            "open": True,
            "priority": request.priority,
            "stamp": request.stamp,
            "claims": 0,
            "request": request.model_dump(mode="json"),
            "traceparent": traceparent,
        }
        before = await self._units.find_one_and_update({"_id": key}, {"$setOnInsert": fresh}, upsert=True)
        if before is not None and before["state"] == "ended" and before.get("result") is not None:
            return UnitFinished.model_validate(before["result"], extra="ignore")
        return None

    async def claim(self) -> Lease | None:
        """The most urgent unit that nobody holds: highest priority, then lowest stamp."""
        taken = await self._units.find_one_and_update(
            {"open": True, "$or": _CLAIMABLE},
            [
                {
                    "$set": {
                        "state": {"$cond": [{"$eq": ["$state", "placing"]}, "placing", "running"]},
                        "owner": self._owner,
                        "claims": {"$add": ["$claims", 1]},
                        "lease_until": self._until(),
                    }
                }
            ],
            sort=[("priority", -1), ("stamp", 1)],
            return_document=True,
        )
        if taken is None:
            return None
        result = taken.get("result")
        return Lease(
            key=taken["_id"],
            owner=self._owner,
            claims=taken["claims"],
            request=UnitRequest.model_validate(taken["request"], extra="ignore"),
            result=UnitFinished.model_validate(result) if result else None,
            moves=[(move["staged"], move["url"]) for move in taken.get("moves", [])],
            traceparent=taken.get("traceparent"),
        )

    async def renew(self, lease: Lease) -> bool:
        """Hold on to it. False when it is lost: taken over after it lapsed, or cancelled."""
        return await self._write(lease, {"lease_until": self._until()})

    async def win(self, lease: Lease, result: UnitFinished, moves: list[tuple[str, str]]) -> bool:
        """Fix the result, with the moves that put its files in place. False when the lease is lost."""
        staged = [{"staged": source, "url": url} for source, url in moves]
        return await self._write(
            lease,
            {
                "state": "placing",
                "result": {"$literal": result.model_dump(mode="json")},
                "moves": {"$literal": staged},
                "lease_until": self._until(),
            },
        )

    async def end(self, lease: Lease, result: UnitFinished) -> bool:
        """Write the end, to be told. False when the lease is lost."""
        return await self._write(
            lease,
            {
                "state": "ended",
                "open": False,
                "untold": True,
                "result": {"$literal": result.model_dump(mode="json")},
                "ended_at": "$$NOW",
            },
        )

    async def release(self, lease: Lease) -> None:
        """Hand it back for another worker to take at once; the claim doesn't count."""
        await self._write(
            lease,
            {
                "state": {"$cond": [{"$eq": ["$state", "placing"]}, "placing", "waiting"]},
                "claims": {"$subtract": ["$claims", 1]},
                "lease_until": {"$subtract": ["$$NOW", 1]},
                "owner": None,
            },
        )

    async def cancel(self, flow_id: str, unit_ids: list[str]) -> None:
        """End units that have not ended; ones that never came, so that they don't start when they come late."""
        ends = {"$in": [{"$ifNull": ["$state", "waiting"]}, ["waiting", "running"]]}
        change = {"state": "ended", "open": False, "owner": None, "ended_at": "$$NOW"}
        update = [{"$set": {name: {"$cond": [ends, value, f"${name}"]} for name, value in change.items()}}]
        for unit_id in unit_ids:
            await self._units.update_one({"_id": f"{flow_id}/{unit_id}"}, update, upsert=True)

    async def untold(self, limit: int = 100) -> list[tuple[str, UnitFinished, str | None]]:
        """Results that may not have reached the planner: (key, result, traceparent)."""
        found = await self._units.find({"untold": True}).limit(limit).to_list(limit)
        return [
            (doc["_id"], UnitFinished.model_validate(doc["result"], extra="ignore"), doc.get("traceparent"))
            for doc in found
        ]

    async def told(self, key: str) -> None:
        """The planner's queue has the result."""
        await self._units.update_one({"_id": key}, {"$unset": {"untold": ""}})

    def _until(self) -> dict[str, Any]:
        return {"$add": ["$$NOW", self._lease_ms]}

    async def _write(self, lease: Lease, change: Document) -> bool:
        """A fenced write; when the store is away it is tried again for as long as the lease could hold."""
        filter = {"_id": lease.key, "owner": lease.owner, "claims": lease.claims, "open": True}
        give_up = time.monotonic() + self._lease_ms / 1000
        while True:
            try:
                done = await self._units.update_one(filter, [{"$set": change}])
                return bool(done.matched_count)
            except StoreError as error:
                if not unavailable(error) or time.monotonic() > give_up:
                    raise
                await asyncio.sleep(0.5)
