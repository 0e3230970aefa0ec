"""What intake does with a file that came to a workflow's place."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from contracts import topology
from contracts.envelope import event_id
from contracts.flows import FlowAccepted, FlowSubmit, Rejected
from contracts.workflows import WorkflowFailed, WorkflowView
from shared.bus import Bus
from shared.errors import RequestError
from shared.log import logger
from shared.validation import invalid

from .arrival_store import Arrivals
from .arrivals import Arrival
from .circles import check_apart
from .handlers import Intake
from .roads import road_of
from .rules import told_of
from .workflow_store import Workflows


class Starter:
    """Use cases: begin the flow of a file that came; go on with what a replica that died had begun."""

    def __init__(
        self, workflows: Workflows, arrivals: Arrivals, intake: Intake, bus: Bus, roots: Sequence[Path]
    ) -> None:
        self._workflows = workflows
        self._arrivals = arrivals
        self._intake = intake
        self._bus = bus
        self._roots = roots

    async def take(self, arrival: Arrival, *, forget: bool = False) -> None:
        """Begin the flow of a file, once, whoever else sees it and however often, if its workflow is still enabled."""
        try:
            workflow = await self._workflows.find(arrival.tenant, arrival.workflow_id)
        except RequestError:
            return
        if not workflow.since or arrival.since not in ("", workflow.since):
            return
        if await self._arrivals.take(arrival, forget=forget):
            await self._begin(arrival, None)

    async def go_on(self) -> None:
        """Begin the flows of files that were noted and left."""
        try:
            while left := await self._arrivals.take_due():
                await self._try(*left)
        except Exception as error:
            logger().warning("can't look for files that were left", error=f"{type(error).__name__}: {error}")

    async def _try(self, arrival: Arrival, refused: Rejected | None) -> None:
        """One that fails holds up no other; its turn comes again."""
        try:
            await self._begin(arrival, refused)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            logger().warning("can't begin a workflow's flow; trying again", url=arrival.url, error=text)

    async def _begin(self, arrival: Arrival, refused: Rejected | None) -> None:
        try:
            workflow = (await self._workflows.find(arrival.tenant, arrival.workflow_id)).view
        except RequestError:
            await self._arrivals.done(arrival)
            return
        if refused is None:
            refused = await self._refusal(arrival, workflow)
        if refused is not None:
            await self._arrivals.refuse(arrival, refused)
            await self._tell(arrival, workflow, refused)
        await self._arrivals.done(arrival)

    async def _refusal(self, arrival: Arrival, workflow: WorkflowView) -> Rejected | None:
        """Why there is no flow; None when it has begun."""

        def check(accepted: FlowAccepted) -> None:
            with told_of(workflow.procedure):
                check_apart(road_of(workflow, accepted.subtasks, self._roots, arrival.url))

        try:
            asked = _command(arrival, workflow)
            await self._intake.start(asked, arrival.tenant, arrival.flow_id, workflow.workflow_id, check)
        except RequestError as error:
            return Rejected(code=error.code, message=error.message, field=error.field)
        logger().info("a workflow's flow", workflow_id=workflow.workflow_id, flow_id=arrival.flow_id, url=arrival.url)
        return None

    async def _tell(self, arrival: Arrival, workflow: WorkflowView, refused: Rejected) -> None:
        logger().warning("a workflow can't begin a flow", workflow_id=workflow.workflow_id, error=refused.message)
        failed = WorkflowFailed(
            workflow_id=workflow.workflow_id,
            name=workflow.name,
            url=arrival.url,
            flow_id=arrival.flow_id,
            notify=workflow.notify,
            **refused.model_dump(),
        )
        event = self._bus.event(
            "workflow.failed.v1",
            failed,
            id=event_id(arrival.arrival_id, "failed"),
            tenant=arrival.tenant,
            procedure=workflow.procedure,
            outcome="failed",
        )
        await self._bus.publish(event, topology.EVENTS)


def _command(arrival: Arrival, workflow: WorkflowView) -> FlowSubmit:
    members = ("output", "tasks", "procedure", "session_context", "priority", "notify")
    asked = {"input": {"url": arrival.url}, **{name: getattr(workflow, name) for name in members}}
    try:
        return FlowSubmit.model_validate(asked)
    except ValidationError as error:
        raise invalid(error, FlowSubmit) from error
