"""The heartbeat of a running unit: its lease renewed, its progress told."""

import asyncio
import contextlib

from contracts import topology
from contracts.units import UnitProgressed

from .bus import Bus
from .claimed import ClaimedUnit
from .leases import Leases
from .log import logger

_TELL_S = 1.0


class Heartbeat:
    """Beats for the units of one worker."""

    def __init__(self, leases: Leases, bus: Bus, lease_s: float) -> None:
        self._leases = leases
        self._bus = bus
        self._lease_s = lease_s

    async def beat(self, claimed: ClaimedUnit) -> None:
        """Renew every third of the lease, tell progress every second; returns when the lease is lost."""
        loop = asyncio.get_running_loop()
        every_s = self._lease_s / 3
        renew_at, lost_at, told = loop.time() + every_s, loop.time() + self._lease_s, 0.0
        while True:
            await asyncio.sleep(min(_TELL_S, every_s))
            if claimed.percent > told:
                told = claimed.percent
                await self._tell(claimed, told)
            if loop.time() < renew_at:
                continue
            try:
                if not await self._leases.renew(claimed.lease):
                    return
                renew_at, lost_at = loop.time() + every_s, loop.time() + self._lease_s
            except Exception as error:
                logger().warning("can't renew the lease; trying again", error=f"{type(error).__name__}: {error}")
                if loop.time() > lost_at:
                    return

    async def _tell(self, claimed: ClaimedUnit, percent: float) -> None:
        request = claimed.lease.request
        data = UnitProgressed(
            flow_id=request.flow_id,
            unit_id=request.unit_id,
            attempt=request.attempt,
            progress_percent=round(percent, 1),
        )
        with contextlib.suppress(Exception):
            event = self._bus.event(
                "unit.progressed.v1", data, flowid=request.flow_id, traceparent=claimed.lease.traceparent
            )
            await self._bus.publish(event, topology.WORK, persist=False, mandatory=False)
