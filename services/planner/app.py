"""Wiring of the planner."""

import asyncio

from contracts import topology
from shared.service import App, Parts, run
from shared.slots import Slots

from .changes import Changes
from .handlers import Planner
from .look_probing import Looks
from .look_store import KeptLooks
from .next_handlers import NextFlows
from .probing import Probing
from .rates import Rates
from .relay import Relay
from .shares import Shares
from .store import Flows
from .sweep import each


class PlannerApp:
    """The planner on its queues, its probing slots, its sweep."""

    def __init__(self, parts: Parts) -> None:
        settings, bus = parts.settings, parts.bus
        self._settings = settings
        self._storage = parts.storage
        self._flows = Flows(parts.store, settings.worker_name, settings.lease_s)
        self._relay = Relay(self._flows, bus)
        self._changes = Changes(self._flows, self._relay, bus, parts.tracer, settings.resend_s)
        shares, rates = Shares(parts.store, settings.tenant_weights), Rates(parts.store)
        self._kept = KeptLooks(parts.store)
        looks = Looks(self._kept, parts.storage, settings.stall_s)
        probing = Probing(self._flows, self._changes, shares, rates, looks, parts.storage, parts.tracer, settings)
        self._slots = Slots(settings.slot_count, self._flows.claim_unplanned, probing.run, settings.poll_s)
        planner = Planner(self._flows, self._changes, shares, rates, looks, bus, settings, self._slots.wake)
        bus.on(topology.PLANNER_FLOWS, {"flow.accepted.v1": planner.accepted, "flow.abort.v1": planner.abort})
        bus.on(
            topology.PLANNER_UNITS, {"unit.started.v1": planner.unit_started, "unit.finished.v1": planner.unit_finished}
        )
        following = NextFlows(self._changes)
        bus.on(
            topology.PLANNER_ANSWERS, {"flow.accepted.v1": following.accepted, "flow.rejected.v1": following.rejected}
        )
        bus.on(topology.PLANNER_PROGRESS, {"unit.progressed.v1": planner.unit_progressed}, prefetch=20)
        bus.on(topology.PLANNER_QUERIES, {"flow.describe.v1": planner.describe, "flow.list.v1": planner.list_flows})

    async def prepare(self) -> None:
        await self._flows.prepare()
        await self._kept.prepare()

    async def serve(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._slots.serve())
            group.create_task(self._sweep())

    async def stop(self) -> None:
        await self._slots.stop(self._settings.grace_s)

    async def _sweep(self) -> None:
        """Look at every flow that is due: a lost message costs time, never a flow."""
        while True:
            await asyncio.sleep(self._settings.poll_s)
            await each(self._flows.due, self._look_at)
            await each(self._flows.unsent, self._relay.send)
            await each(self._flows.ended_uncleaned, self._clean)

    async def _look_at(self, flow_id: str) -> None:
        await self._changes.change(flow_id, lambda _flow, _now: None)

    async def _clean(self, flow_id: str) -> None:
        await self._storage.remove_scratch(flow_id)
        await self._flows.cleaned(flow_id, again_s=max(300.0, self._settings.lease_s * 2))


def build(parts: Parts) -> App:
    """The service on its queues."""
    return PlannerApp(parts)


def main() -> None:
    """Run it."""
    run("planner", build)
