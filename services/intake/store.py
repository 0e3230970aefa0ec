"""Intake's documents: submissions, and the session ids that are taken.

A submission is `_id` = flow id, `event` = its flow.accepted as it was or will be published, `untold` until it was.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts import codes
from contracts.envelope import CloudEvent
from shared.errors import RequestError
from shared.store import Duplicate, Store

SESSION_WINDOW = timedelta(days=3)
KEPT_S = 30 * 86_400


@dataclass(frozen=True)
class Submission:
    """An accepted flow's event, and whether it may still have to be published."""

    event: CloudEvent
    untold: bool


class Submissions:
    """Accepted flows."""

    def __init__(self, store: Store) -> None:
        self._submissions = store.collection("submissions")
        self._sessions = store.collection("sessions")

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._submissions.create_index([("untold", 1)], sparse=True)
        await self._submissions.create_index([("accepted_at", 1)], expireAfterSeconds=KEPT_S)
        await self._sessions.create_index([("expires_at", 1)], expireAfterSeconds=0)

    async def find(self, flow_id: str) -> Submission | None:
        """The submission of this flow."""
        found = await self._submissions.find_one({"_id": flow_id})
        return None if found is None else Submission(CloudEvent.model_validate(found["event"]), "untold" in found)

    async def exists(self, flow_id: str, tenant: str) -> bool:
        """Whether the tenant has such a flow."""
        return await self._submissions.find_one({"_id": flow_id, "tenant": tenant}, {"_id": 1}) is not None

    async def claim_session(self, tenant: str, session_id: str, flow_id: str) -> None:
        """Take a session id for three days. Raises RequestError when another flow has it. "" is nobody's."""
        if not session_id:
            return
        key, now = f"{tenant}/{session_id}", datetime.now(UTC)
        mine_or_free = {"_id": key, "$or": [{"flow_id": flow_id}, {"expires_at": {"$lte": now}}]}
        taken = {"$set": {"flow_id": flow_id, "expires_at": now + SESSION_WINDOW}}
        try:
            await self._sessions.find_one_and_update(mine_or_free, taken, upsert=True)
        except Duplicate:
            holder = await self._sessions.find_one({"_id": key})
            first = holder["flow_id"] if holder else "another flow"
            text = f"session_id {session_id!r} was used within three days by flow {first}"
            raise RequestError(text, codes.TASK_DUPLICATE, "session_id") from None

    async def add(self, flow_id: str, tenant: str, event: CloudEvent) -> Submission:
        """Store a submission; when it is there already, that one."""
        document = {
            "_id": flow_id,
            "tenant": tenant,
            "event": event.model_dump(mode="json", exclude_none=True),
            "untold": True,
            "accepted_at": datetime.now(UTC),
        }
        try:
            await self._submissions.insert_one(document)
        except Duplicate:
            there = await self.find(flow_id)
            if there is not None:
                return there
            raise
        return Submission(event, untold=True)

    async def told(self, flow_id: str) -> None:
        """Its event is published."""
        await self._submissions.update_one({"_id": flow_id}, {"$unset": {"untold": ""}})

    async def untold(self) -> list[tuple[str, CloudEvent]]:
        """Flows whose event may not be published, left alone for 10 s by whoever stored them."""
        before = datetime.now(UTC) - timedelta(seconds=10)
        found = await self._submissions.find({"untold": True, "accepted_at": {"$lt": before}}).limit(100).to_list(100)
        return [(document["_id"], CloudEvent.model_validate(document["event"])) for document in found]
