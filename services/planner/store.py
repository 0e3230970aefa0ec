"""The planner's documents: flows, their outboxes, tenants' shares, learned rates.

A flow's document: `flow` is the whole value; `revision` guards it (compare and swap); `outbox` holds messages to be
published, in order, under a relay lease of their own; `owner`, `lease_until` hold a flow that is being probed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.flows import FlowState
from shared.store import Duplicate, Store

from .flow import Flow
from .outgoing import Outgoing

KEPT_S = 30 * 86_400


@dataclass(frozen=True)
class Stored:
    """A flow as it was read."""

    flow: Flow
    revision: int


class Flows:
    """Flows by id."""

    def __init__(self, store: Store, owner: str, lease_s: float) -> None:
        self._flows = store.collection("flows")
        self._owner = owner
        self._lease_ms = int(lease_s * 1000)

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._flows.create_index([("unplanned", 1), ("priority", -1), ("stamp", 1)])
        await self._flows.create_index([("due_at", 1)], sparse=True)
        await self._flows.create_index([("relay_due", 1)], sparse=True)
        await self._flows.create_index([("clean_at", 1)], sparse=True)
        await self._flows.create_index([("tenant", 1), ("created_at", -1), ("_id", 1)])
        await self._flows.create_index([("ended_at", 1)], expireAfterSeconds=KEPT_S)

    async def add(self, flow: Flow) -> bool:
        """Store a new flow, to be probed; False when it is there already."""
        document = {
            "_id": flow.flow_id,
            "tenant": flow.tenant,
            "created_at": flow.accepted.accepted_at,
            "priority": flow.accepted.priority,
            "stamp": flow.stamp,
            "unplanned": flow.to_be_probed,
            "probes": 0,
            "lease_until": datetime.fromtimestamp(0, UTC),
            "revision": 1,
            "state": flow.state,
            "flow": flow.model_dump(mode="json"),
            "progress": {},
            "outbox": [],
        }
        if not flow.to_be_probed:
            document["due_at"] = flow.accepted.accepted_at
        try:
            await self._flows.insert_one(document)
        except Duplicate:
            return False
        return True

    async def load(self, flow_id: str, tenant: str | None = None) -> Stored | None:
        """The flow as it is now; None when there is no such flow (of that tenant)."""
        filter = {"_id": flow_id} if tenant is None else {"_id": flow_id, "tenant": tenant}
        document = await self._flows.find_one(filter)
        if document is None:
            return None
        return Stored(Flow.model_validate(document["flow"], extra="ignore"), document["revision"])

    async def save(
        self,
        flow: Flow,
        revision: int,
        messages: list[Outgoing],
        due_at: datetime | None,
        *,
        had_ended: bool = False,
    ) -> bool:
        """Write a changed flow with what it says; False when somebody else wrote since `revision`.

        One that `had_ended` before is not cleaned up after again.
        """
        now = datetime.now(UTC)
        change: dict[str, Any] = {"flow": flow.model_dump(mode="json"), "state": flow.state}
        gone: dict[str, str] = {}
        if due_at is None:
            gone["due_at"] = ""
        else:
            change["due_at"] = due_at
        if flow.to_be_probed:
            change["unplanned"] = True
        else:
            gone["unplanned"] = ""
        if flow.state.ended:
            change["ended_at"] = flow.ended_at
        if flow.state.ended and not had_ended:
            change["clean_at"] = now
        update: dict[str, Any] = {"$set": change, "$inc": {"revision": 1}}
        if messages:
            change["relay_due"] = now + timedelta(seconds=5)
            update["$push"] = {"outbox": {"$each": [message.model_dump(mode="json") for message in messages]}}
        if gone:
            update["$unset"] = gone
        done = await self._flows.update_one({"_id": flow.flow_id, "revision": revision}, update)
        return bool(done.matched_count)

    async def claim_unplanned(self) -> tuple[Stored, int] | None:
        """The most urgent flow to be probed that nobody holds, and how often it was claimed."""
        document = await self._flows.find_one_and_update(
            {"unplanned": True, "$expr": {"$lt": ["$lease_until", "$$NOW"]}},
            [{"$set": {"owner": self._owner, "probes": {"$add": ["$probes", 1]}, "lease_until": self._until()}}],
            sort=[("priority", -1), ("stamp", 1)],
            return_document=True,
        )
        if document is None:
            return None
        return Stored(Flow.model_validate(document["flow"], extra="ignore"), document["revision"]), document["probes"]

    async def hold_unplanned(self, flow_id: str) -> None:
        """Stay the one who probes it."""
        await self._flows.update_one({"_id": flow_id, "owner": self._owner}, [{"$set": {"lease_until": self._until()}}])

    async def release_unplanned(self, flow_id: str, pause_s: float) -> None:
        """Let it be claimed again after a pause."""
        until = {"$add": ["$$NOW", int(pause_s * 1000)]}
        await self._flows.update_one({"_id": flow_id, "owner": self._owner}, [{"$set": {"lease_until": until}}])

    async def progress(self, flow_id: str, unit_id: str, percent: float) -> dict[str, float]:
        """Note a unit's progress; that of all units of the flow."""
        document = await self._flows.find_one_and_update(
            {"_id": flow_id}, {"$max": {f"progress.{unit_id}": percent}}, {"progress": 1}, return_document=True
        )
        return {} if document is None else dict(document["progress"])

    async def due(self, limit: int = 50) -> list[str]:
        """Flows that want to be looked at."""
        found = await self._flows.find({"due_at": {"$lte": datetime.now(UTC)}}, {"_id": 1}).limit(limit).to_list(limit)
        return [document["_id"] for document in found]

    async def unsent(self, limit: int = 50) -> list[str]:
        """Flows whose outbox should have been emptied by now."""
        filter = {"relay_due": {"$lte": datetime.now(UTC)}}
        found = await self._flows.find(filter, {"_id": 1}).limit(limit).to_list(limit)
        return [document["_id"] for document in found]

    async def take_outbox(self, flow_id: str) -> list[Outgoing]:
        """Become the one who publishes this flow's messages; what there is, or nothing when somebody else does."""
        document = await self._flows.find_one_and_update(
            {
                "_id": flow_id,
                "outbox.0": {"$exists": True},
                "$expr": {"$lt": [{"$ifNull": ["$relay_until", datetime.fromtimestamp(0, UTC)]}, "$$NOW"]},
            },
            [{"$set": {"relay_owner": self._owner, "relay_until": {"$add": ["$$NOW", self._lease_ms]}}}],
            {"outbox": 1},
            return_document=True,
        )
        return [] if document is None else [Outgoing.model_validate(message) for message in document["outbox"]]

    async def sent(self, flow_id: str, messages: list[Outgoing]) -> None:
        """These messages are out; let go of the outbox. Whoever was slow takes nothing away that others put there."""
        out = [message.event.id for message in messages]
        rest = {"$filter": {"input": "$outbox", "cond": {"$not": [{"$in": ["$$this.event.id", {"$literal": out}]}]}}}
        mine = {"$eq": ["$relay_owner", self._owner]}
        more = {"$gt": [{"$size": "$outbox"}, 0]}
        await self._flows.update_one(
            {"_id": flow_id},
            [
                {
                    "$set": {
                        "outbox": rest,
                        "relay_until": {"$cond": [mine, {"$subtract": ["$$NOW", 1]}, "$relay_until"]},
                    }
                },
                {"$set": {"relay_due": {"$cond": [more, "$relay_due", "$$REMOVE"]}}},
            ],
        )

    async def ended_uncleaned(self, limit: int = 20) -> list[str]:
        """Ended flows whose scratch files may still be there."""
        filter = {"clean_at": {"$lte": datetime.now(UTC)}}
        found = await self._flows.find(filter, {"_id": 1}).limit(limit).to_list(limit)
        return [document["_id"] for document in found]

    async def cleaned(self, flow_id: str, again_s: float) -> None:
        """Its scratch files are gone; once more later, for workers that were late."""
        first = await self._flows.update_one(
            {"_id": flow_id, "cleaned": {"$ne": True}},
            {"$set": {"cleaned": True, "clean_at": datetime.now(UTC) + timedelta(seconds=again_s)}},
        )
        if not first.matched_count:
            await self._flows.update_one({"_id": flow_id}, {"$unset": {"clean_at": ""}})

    async def list(
        self, tenant: str, state: FlowState | None, limit: int, before: tuple[datetime, str] | None
    ) -> list[Flow]:
        """A tenant's flows, newest first, after the place that `before` names."""
        filter: dict[str, Any] = {"tenant": tenant}
        if state is not None:
            filter["state"] = state
        if before is not None:
            moment, flow_id = before
            filter["$or"] = [{"created_at": {"$lt": moment}}, {"created_at": moment, "_id": {"$gt": flow_id}}]
        cursor = self._flows.find(filter).sort([("created_at", -1), ("_id", 1)]).limit(limit)
        return [Flow.model_validate(document["flow"], extra="ignore") for document in await cursor.to_list(limit)]

    def _until(self) -> dict[str, Any]:
        return {"$add": ["$$NOW", self._lease_ms]}
