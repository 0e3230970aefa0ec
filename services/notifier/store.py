"""The notifier's subscriptions: documents, `_id` = tenant and name; and a revision that grows with each change."""

from datetime import UTC, datetime

from contracts import codes
from contracts.subscriptions import SubscriptionPut, SubscriptionView
from shared.errors import RequestError
from shared.store import Store

from .queues import dead_name_of, name_of


class Subscriptions:
    """Who wants which events.

    Whoever keeps what `all` says compares `revision`: it grows after a change is written and its queues are there, and
    before the change is answered.
    """

    def __init__(self, store: Store) -> None:
        self._subscriptions = store.collection("subscriptions")
        self._revisions = store.collection("subscription_revisions")

    async def prepare(self) -> None:
        """Make the index by which a tenant's subscriptions are found."""
        await self._subscriptions.create_index([("tenant", 1), ("name", 1)])

    async def put(self, tenant: str, asked: SubscriptionPut) -> SubscriptionView:
        """Create or replace; what is stored then."""
        now = datetime.now(UTC)
        names = {"queue": name_of(tenant, asked), "dead_queue": dead_name_of(tenant, asked)}
        change = asked.model_dump(mode="json") | names | {"tenant": tenant, "modified_at": now}
        stored = await self._subscriptions.find_one_and_update(
            {"_id": f"{tenant}/{asked.name}"},
            {"$set": change, "$setOnInsert": {"created_at": now}},
            upsert=True,
            return_document=True,
        )
        assert stored is not None
        return SubscriptionView.model_validate(_without_id(stored))

    async def find(self, tenant: str, name: str) -> SubscriptionView | None:
        """The subscription of this name, its secret included."""
        found = await self._subscriptions.find_one({"_id": f"{tenant}/{name}"})
        return None if found is None else SubscriptionView.model_validate(_without_id(found))

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
        cursor = self._subscriptions.find({"tenant": tenant}).sort([("name", 1)])
        return [SubscriptionView.model_validate(_without_id(found)) for found in await cursor.to_list()]

    async def all(self) -> list[tuple[str, SubscriptionView]]:
        """Every subscription with its tenant."""
        found = await self._subscriptions.find({}).sort([("_id", 1)]).to_list()
        return [(one["tenant"], SubscriptionView.model_validate(_without_id(one))) for one in found]

    async def revision(self) -> int:
        """How often subscriptions have changed."""
        found = await self._revisions.find_one({"_id": "all"})
        return int(found["revision"]) if found else 0

    async def changed(self) -> None:
        """A change is done."""
        await self._revisions.update_one({"_id": "all"}, {"$inc": {"revision": 1}}, upsert=True)


def _without_id(document: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in document.items() if name not in ("_id", "tenant")}
