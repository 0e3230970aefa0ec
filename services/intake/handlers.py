"""What intake does with a command."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from contracts import codes, topology
from contracts.edits import EditSubmit
from contracts.envelope import CloudEvent, event_id
from contracts.flows import FlowAbort, FlowAccepted, FlowCancel, FlowSubmit
from contracts.identities import flow_id as flow_id_of
from contracts.identities import upload_flow_id
from contracts.tasks import Tasks
from shared.bus import Bus, Received
from shared.errors import RequestError
from shared.log import logger
from shared.storage import Storage
from shared.telemetry import traceparent
from shared.web_rules import WebRules

from .contents import Contents
from .edits import accept_edit
from .library import Library, named_in
from .next_flows import asked_of, followed
from .procedure_store import Procedures
from .rules import accept
from .store import Submission, Submissions
from .template_store import Templates

Accepting = Callable[[str, Contents], Awaitable[FlowAccepted]]
"""What a command asks for as a flow of this id, with what it brings along; raises RequestError."""


class Intake:
    """Use cases: submit, edit, cancel, tell again what may not have been told."""

    def __init__(
        self,
        submissions: Submissions,
        templates: Templates,
        procedures: Procedures,
        bus: Bus,
        roots: Sequence[Path],
        storage: Storage,
        web: WebRules,
    ) -> None:
        self._submissions = submissions
        self._templates = templates
        self._procedures = procedures
        self._bus = bus
        self._roots = roots
        self._storage = storage
        self._web = web

    async def submit(self, received: Received) -> None:
        """Accept a flow once: the same message again gets the same answer.

        The answer goes out once the flow is durable.
        """
        event = received.event
        accepting = self._accepting(received.data, event.tenant)
        await self._answer(received, flow_id_of(event.tenant, event.source, event.id), accepting)

    async def edit(self, received: Received) -> None:
        """Accept an edit, in the same way."""
        command: EditSubmit = received.data
        event, tenant = received.event, received.event.tenant

        async def accepted(flow_id: str, contents: Contents) -> FlowAccepted:
            library = await self._library(command, tenant)
            alone = await asyncio.to_thread(accept_edit, command, flow_id, self._roots, datetime.now(UTC))
            return await asyncio.to_thread(followed, alone, asked_of(command), tenant, self._roots, library)

        await self._answer(received, flow_id_of(tenant, event.source, event.id), accepted)

    async def uploaded(self, received: Received) -> None:
        """Accept the flow of a file that was uploaded, in the same way."""
        event = received.event
        accepting = self._accepting(received.data.flow(), event.tenant)
        try:
            await self._answer(received, upload_flow_id(event.tenant, event.source, event.id), accepting)
        except RequestError as error:
            field = error.field.removeprefix("input.") if error.field else None
            raise RequestError(error.message, error.code, field) from error

    async def start(
        self, command: FlowSubmit, tenant: str, flow_id: str, workflow_id: str, check: Callable[[FlowAccepted], None]
    ) -> None:
        """Accept and tell a workflow's flow, once. Raises RequestError, also when `check` does."""

        async def accepted(flow_id: str, contents: Contents) -> FlowAccepted:
            found = await self._accepting(command, tenant)(flow_id, contents)
            await asyncio.to_thread(check, found)
            return found.model_copy(update={"workflow_id": workflow_id})

        told = await self._once(tenant, flow_id, accepted)
        if told.untold:
            await self._tell(flow_id, told.event)

    def _accepting(self, command: FlowSubmit, tenant: str) -> Accepting:
        async def accepted(flow_id: str, contents: Contents) -> FlowAccepted:
            library = await self._library(command, tenant)
            now = datetime.now(UTC)
            alone = await asyncio.to_thread(accept, command, flow_id, self._roots, now, library, contents, self._web)
            return await asyncio.to_thread(followed, alone, asked_of(command), tenant, self._roots, library)

        return accepted

    async def _answer(self, received: Received, flow_id: str, accept: Accepting) -> None:
        told = await self._once(received.event.tenant, flow_id, accept)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._bus.answer(received, told.event))
            if told.untold:
                group.create_task(self._tell(flow_id, told.event))

    async def _once(self, tenant: str, flow_id: str, accept: Accepting) -> Submission:
        told = await self._submissions.find(flow_id)
        if told is None:
            contents = Contents(f"{self._storage.scratch_url}/{flow_id}")
            accepted = await accept(flow_id, contents)
            await self._submissions.claim_session(tenant, accepted.session_id, flow_id)
            await self._keep(contents)
            told = await self._submissions.add(flow_id, tenant, self._accepted(accepted, tenant))
        return told

    async def _keep(self, contents: Contents) -> None:
        """Store what a command brings along, once nothing can refuse it any more; the same again changes nothing."""
        with tempfile.TemporaryDirectory() as directory:
            for number, (url, content) in enumerate(contents.files.items()):
                path = Path(directory, str(number))
                await asyncio.to_thread(path.write_bytes, content)
                await self._storage.put(path, url)

    async def _library(self, command: FlowSubmit | EditSubmit, tenant: str) -> Library:
        """What the tenant has of its own that the command names."""
        names = {name for name in (command.procedure, *(one.procedure for one in command.next)) if name is not None}
        procedures: dict[str, Tasks] = {}
        for name in names:
            procedures |= await self._procedures.tasks(tenant, name)
        own = command.tasks if isinstance(command, FlowSubmit) else None
        asked = [*procedures.values(), *([own] if own is not None else [])]
        return Library(await self._templates.parameters(tenant, named_in(asked)), procedures)

    async def _tell(self, flow_id: str, event: CloudEvent) -> None:
        """Tell the world, and only then the planner: what that tells of the flow comes later."""
        await self._bus.publish(event, topology.EVENTS)
        await self._bus.publish(event, topology.WORK)
        await self._submissions.told(flow_id)

    async def cancel(self, received: Received) -> None:
        """Hand a cancellation to the planner, which answers; a flow that was never accepted is refused here."""
        command: FlowCancel = received.data
        if not await self._submissions.exists(command.flow_id, received.event.tenant):
            raise RequestError(f"there is no flow {command.flow_id}", codes.TASK_NOT_FOUND, "flow_id")
        abort = FlowAbort(flow_id=command.flow_id, reply_to=received.reply_to, correlation_id=received.correlation_id)
        event = self._bus.event("flow.abort.v1", abort, tenant=received.event.tenant, flowid=command.flow_id)
        await self._bus.publish(event, topology.WORK)

    async def tell_untold(self) -> None:
        """Publish what was stored but perhaps not published, because this or another replica died in between."""
        try:
            for flow_id, event in await self._submissions.untold():
                await self._tell(flow_id, event)
        except Exception as error:
            logger().warning("can't tell accepted flows; trying again", error=f"{type(error).__name__}: {error}")

    def _accepted(self, accepted: FlowAccepted, tenant: str) -> CloudEvent:
        return self._bus.event(
            "flow.accepted.v1",
            accepted,
            id=event_id(accepted.flow_id, "accepted"),
            flowid=accepted.flow_id,
            sequence=1,
            tenant=tenant,
            traceparent=traceparent(),
            procedure=accepted.procedure,
        )
