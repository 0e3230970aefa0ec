"""What intake does with a command about workflows."""

import asyncio
import uuid
from collections.abc import Sequence
from pathlib import Path

from contracts import codes
from contracts.model import Model
from contracts.workflows import (
    WorkflowContent,
    WorkflowDelete,
    WorkflowDeleted,
    WorkflowDescribe,
    WorkflowDescribed,
    WorkflowDisable,
    WorkflowEnable,
    WorkflowPut,
    WorkflowReset,
    WorkflowStatus,
    WorkflowStored,
    WorkflowView,
)
from shared.bus import Bus, Received
from shared.errors import RequestError
from shared.locations import LocalFile

from . import listing
from .arrival_store import Arrivals
from .circles import Road, check_apart, check_no_circle
from .directory_scan import present
from .library import Library, named_in
from .places import check_place
from .procedure_handlers import check_size
from .procedure_store import Procedures
from .repeats import command_id
from .roads import road_of
from .rules import check, told_of
from .template_store import Templates
from .triggers import Place, place_of
from .workflow_store import Workflow, Workflows


class WorkflowDesk:
    """Use cases: put, reset, enable, disable, delete and describe workflows."""

    def __init__(
        self,
        workflows: Workflows,
        arrivals: Arrivals,
        templates: Templates,
        procedures: Procedures,
        bus: Bus,
        roots: Sequence[Path],
        changed: asyncio.Event,
    ) -> None:
        self._workflows = workflows
        self._arrivals = arrivals
        self._templates = templates
        self._procedures = procedures
        self._bus = bus
        self._roots = roots
        self._changed = changed

    async def put(self, received: Received) -> None:
        """Create a workflow, disabled, whose every task can be done as things stand."""
        asked: WorkflowPut = received.data
        tenant, by = received.event.tenant, command_id(received.event)
        stored = await self._workflows.made_by(by)
        if stored is None:
            place = await self._check(tenant, asked)
            stored = await self._workflows.create(tenant, asked, place, by)
        await self._tell_stored(received, stored)

    async def reset(self, received: Received) -> None:
        """Replace the whole of a workflow that is disabled."""
        asked: WorkflowReset = received.data
        tenant, by = received.event.tenant, command_id(received.event)
        found = await self._workflows.find(tenant, asked.workflow_id)
        if not await self._workflows.was_changed_by(asked.workflow_id, by):
            _check_disabled(found)
            place = await self._check(tenant, asked)
            changed = await self._workflows.replace(tenant, asked.workflow_id, asked, place, by)
            found = await self._workflows.find(tenant, asked.workflow_id)
            if changed is None:
                _check_disabled(found)
        await self._tell_stored(received, found.view)

    async def enable(self, received: Received) -> None:
        """From now on new files start flows; those that are there are noted, so that they don't."""
        asked: WorkflowEnable = received.data
        tenant, by = received.event.tenant, command_id(received.event)
        found = await self._workflows.find(tenant, asked.workflow_id)
        if found.view.status is WorkflowStatus.DISABLED and not await self._workflows.was_changed_by(
            asked.workflow_id, by
        ):
            place, since = await self._check(tenant, found.view), uuid.uuid4().hex
            await self._know_present(found, place, since)
            if await self._workflows.enable(tenant, asked.workflow_id, since, by):
                await self._check_again(tenant, asked.workflow_id, by)
            found = await self._workflows.find(tenant, asked.workflow_id)
            await self._arrivals.forget_before(asked.workflow_id, found.since)
            self._changed.set()
        await self._tell_stored(received, found.view)

    async def disable(self, received: Received) -> None:
        """New files start nothing more."""
        asked: WorkflowDisable = received.data
        tenant, by = received.event.tenant, command_id(received.event)
        changed = await self._workflows.disable(tenant, asked.workflow_id, by)
        self._changed.set()
        await self._tell_stored(received, changed or (await self._workflows.find(tenant, asked.workflow_id)).view)

    async def delete(self, received: Received) -> None:
        """Remove a workflow that is disabled. Flows and their results stay as they are."""
        asked: WorkflowDelete = received.data
        tenant, by = received.event.tenant, command_id(received.event)
        if not await self._workflows.delete(tenant, asked.workflow_id, by):
            _check_disabled(await self._workflows.find(tenant, asked.workflow_id))
        await self._arrivals.forget_before(asked.workflow_id, "")
        await self._answer(received, "workflow.deleted.v1", WorkflowDeleted(workflow_id=asked.workflow_id))

    async def describe(self, received: Received) -> None:
        """Answer with the tenant's workflows."""
        query: WorkflowDescribe = received.data
        found = listing.workflows(query, await self._workflows.of(received.event.tenant))
        described = WorkflowDescribed(total_count=len(found), workflows=listing.page(found, query))
        await self._answer(received, "workflow.described.v1", described)

    async def _check(self, tenant: str, asked: WorkflowContent | WorkflowView) -> Place:
        """The workflow's place, once it is certain that it can do its work and does not start itself."""
        if asked.tasks is not None:
            check_size(asked.tasks)
        try:
            place = place_of(asked.trigger, self._roots)
        except RequestError as error:
            raise RequestError(error.message, error.code, "trigger.storage") from error
        check_place(asked.output.storage, self._roots, "output.storage")
        road = await self._road(tenant, asked)
        with told_of(asked.procedure):
            check_apart(road)
        enabled = [one for one in await self._workflows.of(tenant) if one.status is WorkflowStatus.ENABLED]
        others = [other for one in enabled if (other := await self._other_road(tenant, one))]
        await asyncio.to_thread(check_no_circle, road, others)
        return place

    async def _road(self, tenant: str, asked: WorkflowContent | WorkflowView) -> Road:
        procedures = {} if asked.procedure is None else await self._procedures.tasks(tenant, asked.procedure)
        named = [*procedures.values(), *([asked.tasks] if asked.tasks is not None else [])]
        library = Library(await self._templates.parameters(tenant, named_in(named)), procedures)

        def road() -> Road:
            with told_of(asked.procedure):
                tasks = asked.tasks or library.tasks(asked.procedure or "")
                return road_of(asked, check(tasks, library, self._roots), self._roots)

        return await asyncio.to_thread(road)

    async def _other_road(self, tenant: str, workflow: WorkflowView) -> Road | None:
        """None: a workflow that can't begin a flow any more leads nowhere."""
        try:
            return await self._road(tenant, workflow)
        except RequestError:
            return None

    async def _check_again(self, tenant: str, workflow_id: str, by: str) -> None:
        """Another workflow may have been enabled at the same moment: of a circle neither stays so."""
        try:
            await self._check(tenant, (await self._workflows.find(tenant, workflow_id)).view)
        except RequestError:
            await self._workflows.disable(tenant, workflow_id, f"{by}/circle")
            raise

    async def _know_present(self, workflow: Workflow, place: Place, since: str) -> None:
        if isinstance(place.where, LocalFile):
            await self._arrivals.know(
                await asyncio.to_thread(present, place, workflow.tenant, workflow.view.workflow_id, since)
            )

    async def _tell_stored(self, received: Received, stored: WorkflowView) -> None:
        await self._answer(received, "workflow.stored.v1", WorkflowStored(workflow=stored))

    async def _answer(self, received: Received, key: str, data: Model) -> None:
        await self._bus.answer(received, self._bus.event(key, data, tenant=received.event.tenant))


def _check_disabled(workflow: Workflow) -> None:
    if workflow.view.status is WorkflowStatus.ENABLED:
        text = f"workflow {workflow.view.name!r} is enabled: disable it first"
        raise RequestError(text, codes.WORKFLOW_ENABLED, "workflow_id")
