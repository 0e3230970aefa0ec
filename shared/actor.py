"""A worker: accepts units, claims them into slots, does them under a lease, tells the planner.

The same for transcoder, snapshotter, merger and intake; they differ in `kind` and in the function that does the work.
Subscriber callbacks only write down what came; nothing long ever runs in one (a lost channel would cancel it).
"""

import asyncio
import contextlib

from prometheus_client import Counter, Gauge

from contracts import topology
from contracts.topology import Queue
from contracts.units import ErrorKind, UnitFinished, UnitStarted, UnitWake, WorkerKind

from .attempt import Worker
from .bus import Received
from .claimed import ClaimedUnit, attempt
from .errors import LeaseLost, WorkError
from .heartbeat import Heartbeat
from .leases import Lease, Leases
from .log import logger
from .parts import Parts
from .slots import Slots

UNITS = Counter("vodflow_units_total", "Units that ended here, by kind and result.", ["kind", "result"])
BUSY = Gauge("vodflow_slots_busy", "Slots at work.", ["kind"])


class Actor:
    """One replica of a worker."""

    def __init__(self, kind: WorkerKind, queue: Queue, work: Worker, parts: Parts, *, slots: int | None = None) -> None:
        settings, bus = parts.settings, parts.bus
        self._kind = kind
        self._work = work
        self._bus = bus
        self._storage = parts.storage
        self._settings = settings
        self._tracer = parts.tracer
        self._leases = Leases(parts.store.collection(f"{kind}_units"), settings.worker_name, settings.lease_s)
        self._heart = Heartbeat(self._leases, bus, settings.lease_s)
        self._slots = Slots(slots or settings.slot_count, self._leases.claim, self._run, settings.poll_s)
        self._running: dict[str, asyncio.Task[None]] = {}
        bus.on(queue, {f"{kind}.request.v1": self._accept, f"{kind}.cancel.v1": self._cancel}, prefetch=20)
        bus.on_broadcast(f"{kind}.wake.v1", {f"{kind}.wake.v1": self._woken})

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._leases.prepare()

    async def serve(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._slots.serve())
            group.create_task(self._tell_untold())

    async def stop(self) -> None:
        """Claim no more; let units end within the grace; hand the rest back."""
        await self._slots.stop(self._settings.grace_s)

    async def _accept(self, received: Received) -> None:
        request = received.data
        ended = await self._leases.accept(request, received.event.traceparent)
        if ended is not None:
            await self._tell(ended, received.event.traceparent)
        elif self._slots.full:
            await self._broadcast(UnitWake())
        else:
            self._slots.wake()

    async def _cancel(self, received: Received) -> None:
        await self._leases.cancel(received.data.flow_id, received.data.unit_ids)
        await self._broadcast(
            UnitWake(cancelled=[f"{received.data.flow_id}/{unit}" for unit in received.data.unit_ids])
        )

    async def _broadcast(self, wake: UnitWake) -> None:
        event = self._bus.event(f"{self._kind}.wake.v1", wake)
        await self._bus.publish(event, topology.WORK, persist=False, mandatory=False)

    async def _woken(self, received: Received) -> None:
        for key in received.data.cancelled:
            if task := self._running.get(key):
                task.cancel()
        self._slots.wake()

    async def _run(self, lease: Lease) -> None:
        BUSY.labels(self._kind).set(self._slots.busy)
        claimed = ClaimedUnit(lease, self._storage, self._settings.work_dir)
        task = asyncio.create_task(self._under_lease(claimed))
        self._running[lease.key] = task
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task
                await claimed.drop()
                await self._leases.release(lease)
                logger().info("unit handed back", unit_id=lease.request.unit_id, flow_id=lease.request.flow_id)
                raise
            await claimed.drop()
            logger().info("unit cancelled", unit_id=lease.request.unit_id, flow_id=lease.request.flow_id)
        except LeaseLost:
            await claimed.drop()
            UNITS.labels(self._kind, "lost").inc()
            logger().warning("lease lost", unit_id=lease.request.unit_id, flow_id=lease.request.flow_id)
        finally:
            del self._running[lease.key]
            BUSY.labels(self._kind).set(self._slots.busy - 1)

    async def _under_lease(self, claimed: ClaimedUnit) -> None:
        """The work with a heartbeat beside it; when the heartbeat finds the lease gone, the work is stopped."""
        lease = claimed.lease
        heartbeat = asyncio.create_task(self._heart.beat(claimed))
        work = asyncio.create_task(self._do(claimed))
        try:
            await asyncio.wait({heartbeat, work}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise LeaseLost(f"{lease.key}: lease lost")
            await work
        finally:
            for task in (heartbeat, work):
                task.cancel()
            await asyncio.gather(heartbeat, work, return_exceptions=True)

    async def _do(self, claimed: ClaimedUnit) -> None:
        lease = claimed.lease
        request = lease.request
        with self._tracer.span(
            f"work {self._kind}",
            {
                "vodflow.flow_id": request.flow_id,
                "vodflow.unit_id": request.unit_id,
                "vodflow.attempt": request.attempt,
            },
            parent=lease.traceparent,
        ):
            result = lease.result or await self._attempt(claimed)
            if lease.result is None:
                await self._win(claimed, result)
            moves = lease.moves or claimed.moves
            result = await self._place(result, moves)
            if not await self._leases.end(lease, result):
                raise LeaseLost(f"{lease.key}: lease lost")
            if result.error is not None:
                await self._remove(moves)
            UNITS.labels(self._kind, "failed" if result.error else "success").inc()
            with contextlib.suppress(Exception):
                await self._tell(result, None)
                await self._leases.told(lease.key)

    async def _attempt(self, claimed: ClaimedUnit) -> UnitFinished:
        request = claimed.lease.request
        started = UnitStarted(
            flow_id=request.flow_id,
            unit_id=request.unit_id,
            attempt=request.attempt,
            worker=claimed.lease.owner,
            stamp=request.stamp,
        )
        with contextlib.suppress(Exception):
            await self._bus.publish(self._bus.event("unit.started.v1", started, flowid=request.flow_id), topology.WORK)
        result = await attempt(claimed, self._work, self._settings.unit_attempts)
        if result.error is not None:
            await claimed.drop()
            claimed.moves.clear()
        return result

    async def _win(self, claimed: ClaimedUnit, result: UnitFinished) -> None:
        """Fix the result. When it is not known whether that was written, the files stay for whoever goes on with it."""
        claimed.won = True
        if not await self._leases.win(claimed.lease, result, claimed.moves):
            claimed.won = False
            raise LeaseLost(f"{claimed.lease.key}: lease lost")

    async def _place(self, result: UnitFinished, moves: list[tuple[str, str]]) -> UnitFinished:
        """Move the files into place, patiently; a result whose files can't be put there is a failed one."""
        for pause_s in (0.2, 1.0, 5.0, 15.0, None):
            try:
                for staged, url in moves:
                    await self._storage.move(staged, url)
                return result
            except WorkError as error:
                if pause_s is None or error.kind is ErrorKind.PERMANENT:
                    return result.model_copy(update={"error": error.told(), "files": [], "output": None, "looks": []})
                await asyncio.sleep(pause_s)
        raise AssertionError("unreachable")

    async def _remove(self, moves: list[tuple[str, str]]) -> None:
        for staged, _ in moves:
            with contextlib.suppress(WorkError):
                await self._storage.remove(staged)

    async def _tell(self, result: UnitFinished, parent: str | None) -> None:
        attributes = {"traceparent": parent} if parent else {}
        event = self._bus.event("unit.finished.v1", result, flowid=result.flow_id, **attributes)
        await self._bus.publish(event, topology.WORK)

    async def _tell_untold(self) -> None:
        """Results whose message may have been lost between the write and the publish."""
        while True:
            await asyncio.sleep(self._settings.poll_s * 5)
            try:
                for key, result, parent in await self._leases.untold():
                    await self._tell(result, parent)
                    await self._leases.told(key)
            except Exception as error:
                logger().warning("can't tell results; trying again", error=f"{type(error).__name__}: {error}")
