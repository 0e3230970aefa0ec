"""Intake's documents: the tenants' workflows.

Workflows are kept as owned_store.py tells. `content` is JSON text, as a procedure's tasks are; `bucket` is that of the
trigger, "" for a directory. `since` is made up anew each time that it is enabled, "" while it is disabled: the files
that were there then, and those that came since, are noted under it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contracts import codes
from contracts.workflows import WorkflowContent, WorkflowStatus, WorkflowView
from shared.errors import RequestError
from shared.locations import S3Object
from shared.store import Document, Duplicate, Store

from . import owned_store
from .owned_store import LIVE, Quota
from .triggers import Place

QUOTA = Quota(100, "workflows", "name")
"""Of a tenant. The reference names none (A.6)."""
ENABLED, DISABLED = {"status": WorkflowStatus.ENABLED.value}, {"status": WorkflowStatus.DISABLED.value}


@dataclass(frozen=True)
class Workflow:
    """A workflow, whose it is, and under what its files are noted while it is enabled ("": it is not)."""

    tenant: str
    view: WorkflowView
    since: str


class Workflows:
    """The tenants' workflows."""

    def __init__(self, store: Store) -> None:
        self._workflows = store.collection("workflows")

    async def prepare(self) -> None:
        """Make the indexes."""
        names = [("tenant", 1), ("name", 1)]
        await self._workflows.create_index(names, unique=True, partialFilterExpression=LIVE)
        await self._workflows.create_index([("workflow_id", 1)], unique=True)
        await self._workflows.create_index([("bucket", 1), ("status", 1)], partialFilterExpression=LIVE)
        await owned_store.prepare(self._workflows, ("tenant",))

    async def create(self, tenant: str, content: WorkflowContent, place: Place, command_id: str) -> WorkflowView:
        """Store a new workflow, disabled; the same command again finds the one it made.

        Raises:
            RequestError: the name is taken, or the tenant has as many as there can be.
        """
        while (there := await self.made_by(command_id)) is None:
            if await self._workflows.find_one({"tenant": tenant, "name": content.name, **LIVE}) is not None:
                raise taken(content.name)
            new = {"_id": command_id, "workflow_id": command_id.replace("-", ""), **DISABLED, "since": ""}
            await owned_store.insert(self._workflows, {**new, **_content(content, place)}, {"tenant": tenant}, QUOTA)
        return there

    async def made_by(self, command_id: str) -> WorkflowView | None:
        """The workflow that this command made, if it has come before."""
        found = await self._workflows.find_one({"_id": command_id})
        return None if found is None else _view(found)

    async def find(self, tenant: str, workflow_id: str) -> Workflow:
        """A workflow. Raises RequestError when the tenant has none of this id."""
        found = await self._workflows.find_one({**_which(tenant, workflow_id), **LIVE})
        if found is None:
            raise RequestError(f"you have no workflow {workflow_id}", codes.WORKFLOW_NOT_FOUND, "workflow_id")
        return _workflow(found)

    async def was_changed_by(self, workflow_id: str, command_id: str) -> bool:
        """Whether this command has come before."""
        return await self._workflows.find_one({"workflow_id": workflow_id, "applied": command_id}) is not None

    async def replace(
        self, tenant: str, workflow_id: str, content: WorkflowContent, place: Place, command_id: str
    ) -> WorkflowView | None:
        """Replace the whole of a workflow, unless this command did so before; None when it is enabled.

        Raises:
            RequestError: the name is taken.
        """
        try:
            return await self._change(tenant, workflow_id, _content(content, place), command_id, DISABLED)
        except Duplicate:
            raise taken(content.name) from None

    async def enable(self, tenant: str, workflow_id: str, since: str, command_id: str) -> WorkflowView | None:
        """Enable a workflow, unless this command did so before; None when it is enabled already."""
        change = {**ENABLED, "since": since, "enabled_at": datetime.now(UTC)}
        return await self._change(tenant, workflow_id, change, command_id, DISABLED)

    async def disable(self, tenant: str, workflow_id: str, command_id: str) -> WorkflowView | None:
        """Disable a workflow, unless this command did so before; None when there is none."""
        change = {**DISABLED, "since": "", "enabled_at": None}
        return await self._change(tenant, workflow_id, change, command_id, {})

    async def delete(self, tenant: str, workflow_id: str, command_id: str) -> bool:
        """Remove a workflow; False when there is none that is disabled. The same command again has removed it too."""
        return await owned_store.delete(self._workflows, _which(tenant, workflow_id), command_id, DISABLED)

    async def of(self, tenant: str) -> list[WorkflowView]:
        """The tenant's workflows, oldest first."""
        cursor = self._workflows.find({"tenant": tenant, **LIVE}).sort([("created_at", 1), ("_id", 1)])
        return [_view(found) for found in await cursor.to_list(None)]

    async def enabled(self, bucket: str) -> list[Workflow]:
        """Every tenant's enabled workflows whose place is in a bucket; "": those in directories."""
        found = await self._workflows.find({"bucket": bucket, **ENABLED, **LIVE}).to_list(None)
        return [_workflow(one) for one in found]

    async def know(self, bucket: str) -> bool:
        """Whether any workflow has its place in a bucket."""
        return await self._workflows.find_one({"bucket": bucket, **LIVE}, {"_id": 1}) is not None

    async def _change(
        self, tenant: str, workflow_id: str, change: Mapping[str, Any], command_id: str, expected: Mapping[str, Any]
    ) -> WorkflowView | None:
        which = _which(tenant, workflow_id)
        changed = await owned_store.change(self._workflows, which, change, command_id, expected)
        return None if changed is None else _view(changed)


def taken(name: str) -> RequestError:
    """A name that another workflow has."""
    return RequestError(f"there is a workflow {name!r} already", codes.WORKFLOW_EXISTS, "name")


def _which(tenant: str, workflow_id: str) -> dict[str, Any]:
    return {"tenant": tenant, "workflow_id": workflow_id}


def _workflow(document: Document) -> Workflow:
    return Workflow(document["tenant"], _view(document), document["since"])


def _view(document: Document) -> WorkflowView:
    content = WorkflowContent.model_validate_json(document["content"]).model_dump()
    others = {name: document.get(name) for name in WorkflowView.model_fields if name not in content}
    return WorkflowView.model_validate({**content, **others})


def _content(asked: WorkflowContent, place: Place) -> dict[str, Any]:
    content = {name: getattr(asked, name) for name in WorkflowContent.model_fields}
    bucket = place.where.bucket if isinstance(place.where, S3Object) else ""
    return {
        "name": asked.name,
        "content": WorkflowContent.model_construct(**content).model_dump_json(),
        "bucket": bucket,
    }
