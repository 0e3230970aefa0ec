"""Intake's documents: the tenants' own procedures.

Procedures are kept as owned_store.py tells. `tasks` is JSON text: an override may hold numbers and names that a MongoDB
document may not.
"""

from collections.abc import Mapping
from typing import Any

from contracts import codes
from contracts.procedures import ProcedurePut, ProcedureReset, ProcedureView
from contracts.tasks import Tasks
from shared.errors import RequestError
from shared.store import Document, Store

from . import owned_store
from .owned_store import LIVE, Quota

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
        await owned_store.prepare(self._procedures, ("tenant",))

    async def create(self, tenant: str, asked: ProcedurePut, command_id: str) -> ProcedureView:
        """Store a new procedure; the same command again finds the one it made.

        Raises:
            RequestError: the name is taken, or the tenant has as many as there can be.
        """
        while (there := await self.made_by(command_id)) is None:
            if await self._procedures.find_one({"tenant": tenant, "name": asked.name, **LIVE}) is not None:
                raise taken(asked.name)
            document = {"_id": command_id, "name": asked.name, **_content(asked)}
            await owned_store.insert(self._procedures, document, {"tenant": tenant}, QUOTA)
        return there

    async def made_by(self, command_id: str) -> ProcedureView | None:
        """The procedure that this command made, if it has come before."""
        found = await self._procedures.find_one({"_id": command_id})
        return None if found is None else view(found)

    async def replace(self, tenant: str, asked: ProcedureReset, command_id: str) -> ProcedureView | None:
        """Replace a procedure's content, unless this command did so before; None when there is none of this name."""
        which = {"tenant": tenant, "name": asked.name}
        changed = await owned_store.change(self._procedures, which, _content(asked), command_id)
        return None if changed is None else view(changed)

    async def delete(self, tenant: str, name: str, command_id: str) -> bool:
        """Remove a procedure; False when there is none. The same command again has removed it too."""
        return await owned_store.delete(self._procedures, {"tenant": tenant, "name": name}, command_id)

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
    return {"comment": asked.comment, "tasks": asked.tasks.model_dump_json()}
