"""Replays in MongoDB: asked for once, run under a lease by one replica at a time, gone on with where they were left.

A document: `_id` = the replay's id; `queue` of the subscription; `state` running or done; `offset` of the stream to go
on from; `count` of what was republished. The lease is `owner` + `lease_until` by the server's clock; every write of an
owner carries `owner` and `claims` in its filter (fencing). One replay runs per queue: an index holds it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contracts.subscriber_queues import RewindView
from shared.store import Document, Duplicate, Store

from .rules import Replay

KEPT_S = 15 * 86_400
_EXPIRED = {"$expr": {"$lt": ["$lease_until", "$$NOW"]}}


@dataclass(frozen=True)
class Claim:
    """A replay in this replica's hands: where to go on in the stream (None: at its beginning), and what was done."""

    replay: Replay
    owner: str
    claims: int
    offset: int | None
    count: int


class Replays:
    """Every replay of the last days."""

    def __init__(self, store: Store, owner: str, lease_s: float) -> None:
        self._replays = store.collection("replays")
        self._owner = owner
        self._lease_ms = int(lease_s * 1000)

    async def prepare(self) -> None:
        """Make the indexes: one that lets one run per queue, one for the last of a queue, one that forgets."""
        await self._replays.create_index(
            [("queue", 1)], name="one_running", unique=True, partialFilterExpression={"state": "running"}
        )
        await self._replays.create_index([("queue", 1), ("asked_at", -1)])
        await self._replays.create_index([("state", 1), ("lease_until", 1)])
        await self._replays.create_index([("ended_at", 1)], expireAfterSeconds=KEPT_S)

    async def known(self, replay_id: str) -> bool:
        """Whether it was begun, and not long ago."""
        return await self._replays.find_one({"_id": replay_id}, {"_id": 1}) is not None

    async def begin(self, replay: Replay) -> str | None:
        """Write it down, once. When another one of its queue runs, nothing is written, and that one's id told."""
        now = datetime.now(UTC)
        fresh: Document = {
            "_id": replay.id,
            "tenant": replay.tenant,
            "name": replay.name,
            "queue": replay.queue,
            "made_at": replay.made_at,
            "since": replay.since,
            "flow_id": replay.flow_id,
            "from_sequence": replay.from_sequence,
            "state": "running",
            "asked_at": now,
            "lease_until": datetime.fromtimestamp(0, UTC),
            "owner": None,
            "claims": 0,
            "offset": None,
            "count": 0,
        }
        while True:
            try:
                await self._replays.insert_one(dict(fresh))
                return None
            except Duplicate:
                if await self.known(replay.id):
                    return None
                other = await self._replays.find_one({"queue": replay.queue, "state": "running"}, {"_id": 1})
                if other is not None:
                    return str(other["_id"])

    async def claim(self) -> Claim | None:
        """The oldest replay that nobody is at."""
        taken = await self._replays.find_one_and_update(
            {"state": "running", **_EXPIRED},
            [{"$set": {"owner": self._owner, "claims": {"$add": ["$claims", 1]}, "lease_until": self._until()}}],
            sort=[("asked_at", 1)],
            return_document=True,
        )
        return None if taken is None else _claim(taken)

    async def hold(self, claim: Claim) -> Claim | None:
        """Keep the lease; how far it is. None when it is lost, or the replay was ended."""
        held = await self._replays.find_one_and_update(
            _mine(claim), [{"$set": {"lease_until": self._until()}}], return_document=True
        )
        return None if held is None else _claim(held)

    async def save(self, claim: Claim, offset: int | None, count: int) -> bool:
        """It is done before `offset`; None: it has to begin anew. False when it is lost, or was ended."""
        return await self._write(claim, {"offset": offset, "count": count, "lease_until": self._until()})

    async def end(self, claim: Claim) -> bool:
        """All of it is done. False when the lease is lost."""
        return await self._write(claim, _ENDED)

    async def release(self, claim: Claim) -> None:
        """Hand it back for another replica to take at once."""
        await self._write(claim, {"owner": None, "lease_until": {"$subtract": ["$$NOW", 1]}})

    async def stop(self, queue: str) -> None:
        """End what runs into a queue, where it is: what follows is not wanted any more."""
        await self._replays.update_many({"queue": queue, "state": "running"}, [{"$set": _ENDED}])

    async def last(self, queue: str) -> RewindView | None:
        """How the newest replay into a queue stands."""
        found = await self._replays.find_one({"queue": queue}, sort=[("asked_at", -1)])
        if found is None:
            return None
        return RewindView(
            replay_id=found["_id"], state=found["state"], since=found["since"], republished_count=found["count"]
        )

    def _until(self) -> dict[str, Any]:
        return {"$add": ["$$NOW", self._lease_ms]}

    async def _write(self, claim: Claim, change: Document) -> bool:
        done = await self._replays.update_one(_mine(claim), [{"$set": change}])
        return bool(done.matched_count)


_ENDED: Document = {"state": "done", "owner": None, "ended_at": "$$NOW"}


def _mine(claim: Claim) -> Document:
    return {"_id": claim.replay.id, "owner": claim.owner, "claims": claim.claims, "state": "running"}


def _claim(document: Document) -> Claim:
    replay = Replay(
        id=document["_id"],
        tenant=document["tenant"],
        name=document["name"],
        queue=document["queue"],
        made_at=document["made_at"],
        since=document["since"],
        flow_id=document["flow_id"],
        from_sequence=document["from_sequence"],
    )
    return Claim(replay, document["owner"], document["claims"], document["offset"], document["count"])
