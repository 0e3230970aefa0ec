"""The notifier's subscriptions: documents, `_id` = tenant and name; and a revision that grows with each change.

`declared` is set on those that came from the operator's file.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4
from weakref import WeakValueDictionary

from contracts import codes
from contracts.subscriptions import SubscriptionPut, SubscriptionView
from shared.errors import RequestError
from shared.store import Document, Duplicate, Store

from .queues import dead_name_of, name_of

CHANGE_S = 30.0
"""How long one who changes a tenant's subscriptions keeps others from it, if it dies in the middle."""
_LOOK_S = 0.05
_LONG_AGO = datetime.fromtimestamp(0, UTC)
_OURS = {"_id", "tenant", "declared"}


class Subscriptions:
    """Who wants which events.

    Whoever keeps what `all` says compares `revision`: it grows after a change is written and its queues are there, and
    before the change is answered.
    """

    def __init__(self, store: Store) -> None:
        self._subscriptions = store.collection("subscriptions")
        self._revisions = store.collection("subscription_revisions")
        self._changes = store.collection("subscription_changes")
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def prepare(self) -> None:
        """Make the index by which a tenant's subscriptions are found."""
        await self._subscriptions.create_index([("tenant", 1), ("name", 1)])

    @asynccontextmanager
    async def changing(self, tenant: str) -> AsyncIterator[None]:
        """Change a tenant's subscriptions and their queues, one at a time among all replicas.

        Raises TimeoutError when others were at it for too long.
        """
        lock = self._here.setdefault(tenant, asyncio.Lock())
        owner = uuid4().hex
        async with lock:
            async with asyncio.timeout(2 * CHANGE_S):
                while True:
                    if await self._taken(tenant, owner):
                        break
                    await asyncio.sleep(_LOOK_S)
            try:
                yield
            finally:
                await self._changes.update_one({"_id": tenant, "owner": owner}, {"$set": {"until": _LONG_AGO}})

    async def _taken(self, tenant: str, owner: str) -> bool:
        taken = await self._changes.find_one_and_update(
            {"_id": tenant, "$expr": {"$lt": ["$until", "$$NOW"]}},
            [{"$set": {"owner": owner, "until": {"$add": ["$$NOW", int(CHANGE_S * 1000)]}}}],
        )
        if taken is not None:
            return True
        try:
            await self._changes.insert_one({"_id": tenant, "owner": "", "until": _LONG_AGO})
        except Duplicate:
            return False
        return await self._taken(tenant, owner)

    async def put(self, tenant: str, asked: SubscriptionPut, *, declared: bool = False) -> SubscriptionView:
        """Create or replace; what is stored then."""
        now = datetime.now(UTC)
        names = {"queue": name_of(tenant, asked), "dead_queue": dead_name_of(tenant, asked)}
        change = asked.model_dump(mode="json") | names | {"tenant": tenant, "modified_at": now, "declared": declared}
        stored = await self._subscriptions.find_one_and_update(
            {"_id": f"{tenant}/{asked.name}"},
            {"$set": change, "$setOnInsert": {"created_at": now}},
            upsert=True,
            return_document=True,
        )
        assert stored is not None
        return read(stored)

    async def find(self, tenant: str, name: str) -> SubscriptionView | None:
        """The subscription of this name, its secret included."""
        found = await self._subscriptions.find_one({"_id": f"{tenant}/{name}"})
        return None if found is None else read(found)

    async def named(self, tenant: str, name: str, code: str = codes.QUEUE_NOT_FOUND) -> SubscriptionView:
        """The subscription of this name. Raises RequestError with `code` when there is none."""
        if (found := await self.find(tenant, name)) is None:
            raise RequestError(f"there is no subscription {name!r}: put it first", code, "name")
        return found

    async def delete(self, tenant: str, name: str) -> None:
        """Forget it."""
        await self._subscriptions.delete_one({"_id": f"{tenant}/{name}"})

    async def of(self, tenant: str) -> list[SubscriptionView]:
        """The tenant's subscriptions, by name."""
        found = await self._subscriptions.find({"tenant": tenant}).sort([("name", 1)]).to_list()
        return [read(one) for one in found]

    async def page(self, tenant: str, prefix: str, offset: int, limit: int) -> tuple[int, list[SubscriptionView]]:
        """How many of a tenant's subscriptions have a name that begins so, and some of them by name."""
        filter = {"tenant": tenant, "name": {"$regex": f"^{re.escape(prefix)}"}}
        total = await self._subscriptions.count_documents(filter)
        found = await self._subscriptions.find(filter).sort([("name", 1)]).skip(offset).limit(limit).to_list()
        return total, [read(one) for one in found]

    async def count(self, tenant: str) -> int:
        """How many a tenant has."""
        return await self._subscriptions.count_documents({"tenant": tenant})

    async def declared(self) -> list[tuple[str, str]]:
        """Tenant and name of those that came from the operator's file."""
        found = await self._subscriptions.find({"declared": True}, {"tenant": 1, "name": 1}).to_list()
        return [(one["tenant"], one["name"]) for one in found]

    async def documents(self) -> list[Document]:
        """Every subscription as it is stored; see `read`."""
        return await self._subscriptions.find({}).sort([("_id", 1)]).to_list()

    async def all(self) -> list[tuple[str, SubscriptionView]]:
        """Every subscription with its tenant."""
        return [(one["tenant"], read(one)) for one in await self.documents()]

    async def revision(self) -> int:
        """How often subscriptions have changed."""
        found = await self._revisions.find_one({"_id": "all"})
        return int(found["revision"]) if found else 0

    async def changed(self) -> None:
        """A change is done."""
        await self._revisions.update_one({"_id": "all"}, {"$inc": {"revision": 1}}, upsert=True)


def read(document: Document) -> SubscriptionView:
    """The subscription of a document; what a newer release added to it is ignored."""
    members = {name: value for name, value in document.items() if name not in _OURS}
    return SubscriptionView.model_validate(members, extra="ignore")
