"""From an accepted flow to a planned one: probe the source, make the plan, stamp its units."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from datetime import datetime

from contracts import codes
from contracts.units import ErrorKind, UnitError
from shared.errors import MediaError
from shared.log import logger
from shared.settings import Settings
from shared.storage import Storage
from shared.telemetry import Span, Tracer

from . import steps
from .changes import Changes
from .clip_probing import probe_clips
from .edit import edit_of, plan_edit
from .flow import Flow
from .look_probing import Looks
from .plan import plan
from .planned import Fleet
from .rates import Rates
from .shares import Shares, stamps
from .store import Flows, Stored

Claim = tuple[Stored, int]


class Probing:
    """Plans the flows that it claims."""

    def __init__(
        self,
        flows: Flows,
        changes: Changes,
        shares: Shares,
        rates: Rates,
        looks: Looks,
        storage: Storage,
        tracer: Tracer,
        settings: Settings,
    ) -> None:
        self._flows = flows
        self._changes = changes
        self._shares = shares
        self._rates = rates
        self._looks = looks
        self._storage = storage
        self._tracer = tracer
        self._settings = settings

    async def run(self, claim: Claim) -> None:
        """Probe and plan one flow; a broken source ends it, a passing trouble puts it off."""
        stored, probes = claim
        flow = stored.flow
        with self._tracer.span("plan", {"vodflow.flow_id": flow.flow_id}, parent=flow.traceparent) as span:
            try:
                if probes > self._settings.unit_attempts:
                    raise MediaError(f"probing failed {probes - 1} times", codes.SOURCE_MALFORMED)
                async with self._held(flow.flow_id):
                    await self._plan(flow, span)
            except MediaError as error:
                told = error.told()
                await self._changes.change(flow.flow_id, lambda kept, now: steps.unplannable(kept, told, now))
            except Exception as error:
                pause_s = self._settings.retry_s * 2 ** (probes - 1)
                logger().warning("can't plan; trying again", flow_id=flow.flow_id, pause_s=pause_s, exc_info=error)
                if probes >= self._settings.unit_attempts:
                    told = UnitError(kind=ErrorKind.PERMANENT, code=codes.INTERNAL_ERROR, message=str(error))
                    await self._changes.change(flow.flow_id, lambda kept, now: steps.unplannable(kept, told, now))
                else:
                    await self._flows.release_unplanned(flow.flow_id, pause_s)

    async def _plan(self, flow: Flow, span: Span) -> None:
        accepted = flow.accepted
        await self._storage.check_writable(accepted.output.storage)
        fleet = Fleet(transcode_slots=self._settings.fleet_slots or os.cpu_count() or 1, rates=await self._rates.all())
        clips = await probe_clips(accepted, self._looks.at, self._storage.local)
        if edit := edit_of(accepted):
            media, made = await asyncio.to_thread(plan_edit, accepted, edit, fleet, clips)
        else:
            looked = await self._looks.at(flow.source_url)
            span.set_attribute("vodflow.probed", looked.how)
            media = looked.media
            made = await asyncio.to_thread(plan, accepted, media, looked.index, fleet, clips, flow.source_url)
        costs = {unit.unit_id: unit.cost_s for unit in made.units if not unit.fallback}
        start = await self._shares.charge(flow.tenant, sum(costs.values()))
        tags = stamps(start, costs, self._shares.weight(flow.tenant))

        def step(kept: Flow, now: datetime) -> None:
            steps.planned(kept, media, made, fleet.rates, tags, now)

        await self._changes.change(flow.flow_id, step)

    @contextlib.asynccontextmanager
    async def _held(self, flow_id: str) -> AsyncIterator[None]:
        """Keeps the claim while the block runs."""

        async def hold() -> None:
            while True:
                await asyncio.sleep(self._settings.lease_s / 3)
                with contextlib.suppress(Exception):
                    await self._flows.hold_unplanned(flow_id)

        task = asyncio.create_task(hold())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
