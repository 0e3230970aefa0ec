"""What the planner does with a message."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from contracts import codes
from contracts.flows import (
    FlowAbort,
    FlowAccepted,
    FlowCancelled,
    FlowDescribe,
    FlowDescribed,
    FlowList,
    FlowListed,
    FlowState,
    Rejected,
)
from contracts.units import UnitFinished, UnitProgressed, UnitStarted
from shared.bus import Bus, Received
from shared.errors import RequestError
from shared.settings import Settings

from . import scroll, steps
from .apply import tell_progress
from .changes import Changes
from .flow import Flow, new_flow
from .look_probing import Looks
from .outgoing import Outgoing
from .rates import Rates
from .shares import Shares
from .store import Flows
from .views import flow_summary, flow_view

_PROGRESS_EVERY_S = 1.0
_ON_ITS_WAY_S = 1.0


class Planner:
    """Use cases. Every one is a hint to look at a flow; a repeat changes nothing."""

    def __init__(
        self,
        flows: Flows,
        changes: Changes,
        shares: Shares,
        rates: Rates,
        looks: Looks,
        bus: Bus,
        settings: Settings,
        wake: Callable[[], None],
    ) -> None:
        self._flows = flows
        self._changes = changes
        self._shares = shares
        self._rates = rates
        self._looks = looks
        self._bus = bus
        self._settings = settings
        self._wake = wake
        self._progress_told: dict[str, float] = {}

    async def accepted(self, received: Received) -> None:
        """Keep a new flow, to be probed in its turn, or to be fetched first."""
        accepted: FlowAccepted = received.data
        tenant = received.event.tenant
        if await self._flows.load(accepted.flow_id) is None:
            stamp = await self._shares.charge(tenant, 1.0)
            flow = new_flow(accepted, tenant, received.event.traceparent, stamp)
            if await self._flows.add(flow) and not flow.to_be_probed:
                await self._changes.change(flow.flow_id, lambda _flow, _now: None)
        self._wake()

    async def abort(self, received: Received) -> None:
        """Abort a flow that has not ended, and answer whoever asked intake for it."""
        command: FlowAbort = received.data
        aborted = False

        def step(flow: Flow, _now: datetime) -> None:
            nonlocal aborted
            aborted = not flow.state.ended or flow.cancel_requested
            flow.cancel_requested = aborted

        flow = await self._changes.change(command.flow_id, step)
        if flow is None:
            raise LookupError(f"flow {command.flow_id} is not here yet")
        asker = Received(received.event, None, command.reply_to, command.correlation_id)
        if aborted:
            answer = self._bus.event("flow.cancelled.v1", FlowCancelled(flow_id=flow.flow_id), tenant=flow.tenant)
        else:
            ended = Rejected(code=codes.TASK_ENDED, message=f"flow {flow.flow_id} has ended", field="flow_id")
            answer = self._bus.event("flow.rejected.v1", ended, tenant=flow.tenant)
        await self._bus.answer(asker, answer)

    async def unit_started(self, received: Received) -> None:
        """A worker began with a unit."""
        told: UnitStarted = received.data
        await self._shares.began(told.stamp)
        await self._changes.change(told.flow_id, lambda flow, now: steps.started(flow, told, now))

    async def unit_finished(self, received: Received) -> None:
        """A worker is done with a unit."""
        result: UnitFinished = await self._looks.taken(received.data)
        settings = self._settings

        def step(flow: Flow, now: datetime) -> None:
            steps.finished(flow, result, now, settings.unit_attempts, settings.retry_s)

        flow = await self._changes.change(result.flow_id, step)
        if flow is not None and flow.to_be_probed:
            self._wake()
        unit = flow.units.get(result.unit_id) if flow else None
        if unit is not None and unit.planned.rate_key and result.error is None and unit.planned.cost_s > 0:
            await self._rates.learn(unit.planned.rate_key, unit.rate * result.work_s / unit.planned.cost_s)

    async def unit_progressed(self, received: Received) -> None:
        """A worker is so far: told to the world about once a second for each flow."""
        told: UnitProgressed = received.data
        percent = await self._flows.progress(told.flow_id, told.unit_id, told.progress_percent)
        now_s = asyncio.get_running_loop().time()
        if now_s < self._progress_told.get(told.flow_id, 0.0) + _PROGRESS_EVERY_S:
            return
        if len(self._progress_told) > 10_000:
            self._progress_told.clear()
        self._progress_told[told.flow_id] = now_s

        def step(flow: Flow, now: datetime) -> list[Outgoing]:
            if flow.state is not FlowState.PROCESSING or flow.cancel_requested:
                return []
            steps.progressed(flow, percent, now)
            return tell_progress(flow, now, self._changes.say)

        await self._changes.change(told.flow_id, step)

    async def describe(self, received: Received) -> None:
        """Answer with everything about a flow. One that intake has just accepted is waited for."""
        query: FlowDescribe = received.data
        give_up = datetime.now(UTC).timestamp() + _ON_ITS_WAY_S
        while (stored := await self._flows.load(query.flow_id, received.event.tenant)) is None:
            if datetime.now(UTC).timestamp() > give_up:
                raise RequestError(f"there is no flow {query.flow_id}", codes.TASK_NOT_FOUND, "flow_id")
            await asyncio.sleep(0.05)
        view = FlowDescribed(flow=flow_view(stored.flow))
        await self._bus.answer(received, self._bus.event("flow.described.v1", view, tenant=received.event.tenant))

    async def list_flows(self, received: Received) -> None:
        """Answer with a page of the tenant's flows."""
        query: FlowList = received.data
        before = scroll.parse(query.scroll_token) if query.scroll_token else None
        flows = await self._flows.list(received.event.tenant, query.state, query.limit + 1, before)
        page = flows[: query.limit]
        token = scroll.token(page[-1]) if len(flows) > query.limit else None
        data = FlowListed(flows=[flow_summary(flow) for flow in page], scroll_token=token)
        await self._bus.answer(received, self._bus.event("flow.listed.v1", data, tenant=received.event.tenant))
