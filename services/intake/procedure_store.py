"""Intake's documents: the tenants' own procedures.

A procedure is `_id` = the id of the command that made it, which finds it again when it is repeated. `tasks` is JSON
text: an override may hold numbers and names that a MongoDB document may not.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from contracts import codes
from contracts.procedures import ProcedurePut, ProcedureReset, ProcedureView
from contracts.tasks import Tasks
from shared.errors import RequestError
from shared.store import Document, Store

from . import quota_store
from .quota_store import LIVE, Quota

QUOTA = Quota(50, "procedures", "name")
"""Of a tenant's own. Source: reference A.3."""


class Procedures:
    """The tenants' own procedures."""

    def __init__(self, store: Store) -> None:
        self._procedures = store.collection("procedures")

    async def prepare(self) -> None:
        """Make the indexes."""
        names = [("tenant", 1), ("name", 1)]
        await self._procedures.create_index(names, unique=True, partialFilterExpression=LIVE)
        await quota_store.prepare(self._procedures, ("tenant",))

    async def create(self, tenant: str, asked: ProcedurePut, command_id: str) -> ProcedureView:
        """Store a new procedure; the same command again finds the one it made.

        Raises:
            RequestError: the name is taken, or the tenant has as many as there can be.
        """
        while (there := await self._procedures.find_one({"_id": command_id})) is None:
            if await self._procedures.find_one({"tenant": tenant, "name": asked.name, **LIVE}) is not None:
                raise taken(asked.name)
            document = {"_id": command_id, "name": asked.name, "created_at": datetime.now(UTC), **_content(asked)}
            await quota_store.insert(self._procedures, document, {"tenant": tenant}, QUOTA)
        return view(there)

    async def replace(self, tenant: str, asked: ProcedureReset) -> ProcedureView | None:
        """Replace a procedure's content; None when there is none of this name."""
        which = {"tenant": tenant, "name": asked.name, **LIVE}
        changed = await self._procedures.find_one_and_update(which, {"$set": _content(asked)}, return_document=True)
        return None if changed is None else view(changed)

    async def delete(self, tenant: str, name: str, command_id: str) -> bool:
        """Remove a procedure; False when there is none. The same command again has removed it too."""
        which = {"tenant": tenant, "name": name}
        return await quota_store.delete(self._procedures, which, command_id, datetime.now(UTC))

    async def of(self, tenant: str) -> list[ProcedureView]:
        """The tenant's procedures, oldest first."""
        cursor = self._procedures.find({"tenant": tenant, **LIVE}).sort([("created_at", 1), ("_id", 1)])
        return [view(found) for found in await cursor.to_list(None)]

    async def tasks(self, tenant: str, name: str) -> Mapping[str, Tasks]:
        """The procedure of this name, by its name; empty when the tenant has none."""
        found = await self._procedures.find_one({"tenant": tenant, "name": name, **LIVE})
        return {} if found is None else {name: view(found).tasks}


def taken(name: str) -> RequestError:
    """What a user is told who wants a name that is not free."""
    return RequestError(f"there is a procedure {name!r} already", codes.PROCEDURE_EXISTS, "name")


def view(document: Document) -> ProcedureView:
    """A stored procedure as users see it."""
    tasks = Tasks.model_validate_json(document["tasks"])
    return ProcedureView.model_validate({**document, "type": "custom", "tasks": tasks})


def _content(asked: ProcedurePut | ProcedureReset) -> dict[str, Any]:
    return {"comment": asked.comment, "tasks": asked.tasks.model_dump_json(), "updated_at": datetime.now(UTC)}
