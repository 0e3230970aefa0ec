"""Intake's documents: files that came to workflows' places, kept so that each starts one flow, whatever happens.

`_id` is the arrival's id. `due_at` is there until the file's flow has begun or was refused: once it is past, whoever
sees it takes care of it. `refused` tells why there is no flow. `since` is that of the workflow (workflow_store.py);
files that were there then have no `due_at` from the start. Files that are gone are forgotten a month later: they may be
on a file system that comes back.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from contracts.flows import Rejected
from shared.store import Document, Duplicate, Store

from .arrivals import Arrival

HELD = timedelta(seconds=30)
"""How long whoever took a file may take to begin its flow, before another does."""
KEPT = timedelta(days=30)
AT_ONCE = 1000


class Arrivals:
    """Files that came."""

    def __init__(self, store: Store) -> None:
        self._arrivals = store.collection("arrivals")

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._arrivals.create_index([("due_at", 1)], sparse=True)
        await self._arrivals.create_index([("workflow_id", 1), ("since", 1)])
        await self._arrivals.create_index([("forget_at", 1)], expireAfterSeconds=0)

    async def take(self, arrival: Arrival, *, forget: bool) -> bool:
        """Note a file and hold it for a while; False when it was noted before. `forget`: it is kept for a month."""
        now = datetime.now(UTC)
        new = _document(arrival) | {"due_at": now + HELD}
        try:
            await self._arrivals.insert_one(new | ({"forget_at": now + KEPT} if forget else {}))
        except Duplicate:
            return False
        return True

    async def take_due(self) -> tuple[Arrival, Rejected | None] | None:
        """A file that somebody held and did not get done with, held anew; with its refusal if that was noted."""
        now = datetime.now(UTC)
        held = {"$set": {"due_at": now + HELD}}
        found = await self._arrivals.find_one_and_update({"due_at": {"$lte": now}}, held, sort=[("due_at", 1)])
        if found is None:
            return None
        refused = found.get("refused")
        return _arrival(found), None if refused is None else Rejected.model_validate(refused)

    async def refuse(self, arrival: Arrival, refused: Rejected) -> None:
        """Note why there will be no flow."""
        await self._arrivals.update_one({"_id": arrival.arrival_id}, {"$set": {"refused": refused.model_dump()}})

    async def done(self, arrival: Arrival) -> None:
        """Its flow has begun, or its refusal was told."""
        await self._arrivals.update_one({"_id": arrival.arrival_id}, {"$unset": {"due_at": ""}})

    async def know(self, arrivals: Sequence[Arrival]) -> None:
        """Note files that are there when a workflow is being enabled."""
        for some in _batches(map(_document, arrivals)):
            await self._arrivals.insert_many(some, ordered=False)

    async def known(self, workflow_id: str, since: str) -> set[str]:
        """The ids of all files that were there when a workflow was enabled, and of those that came since."""
        found = await self._arrivals.find({"workflow_id": workflow_id, "since": since}, {"_id": 1}).to_list(None)
        return {one["_id"] for one in found}

    async def forget_before(self, workflow_id: str, since: str) -> None:
        """Drop what was noted before a workflow was enabled the last time; what is under way goes on."""
        old = {"workflow_id": workflow_id, "since": {"$nin": [since, ""]}, "due_at": {"$exists": False}}
        await self._arrivals.delete_many(old)

    async def gone(self, ids: Iterable[str]) -> None:
        """Files that are not there any more."""
        for some in _batches(ids):
            change = {"$set": {"forget_at": datetime.now(UTC) + KEPT}}
            await self._arrivals.update_many({"_id": {"$in": some}}, change)

    async def back(self, ids: Iterable[str]) -> None:
        """Files that are there again."""
        for some in _batches(ids):
            await self._arrivals.update_many({"_id": {"$in": some}}, {"$unset": {"forget_at": ""}})


def _batches(all_: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(all_)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _document(arrival: Arrival) -> Document:
    return {
        "_id": arrival.arrival_id,
        "tenant": arrival.tenant,
        "workflow_id": arrival.workflow_id,
        "url": arrival.url,
        "version": arrival.version,
        "since": arrival.since,
    }


def _arrival(document: Document) -> Arrival:
    return Arrival(**{name: document[name] for name in ("tenant", "workflow_id", "url", "version", "since")})
