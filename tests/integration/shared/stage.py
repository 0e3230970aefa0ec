"""A place for workers: a database, a storage and a queue of units."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.topology import Queue
from contracts.units import MergeWork, UnitCancel, UnitFinished, UnitRequest
from shared.actor import Actor
from shared.bus import Bus
from shared.parts import Parts
from shared.settings import Settings
from shared.storage import Storage
from shared.store import Store
from shared.telemetry import Tracer
from tests.fakes import FakeWork
from tests.files import files_below
from tests.integration.shared.desk import Desk
from tests.waiting import until

FLOW = "f" * 32
RESULTS = topology.PLANNER_UNITS.name


class Stage:
    """A database, a storage and a queue of units, on which actors appear."""

    def __init__(self, settings: Settings, store: Store, desk: Desk, queue: Queue, tracer: Tracer, work: Path) -> None:
        self.settings = settings
        self.store = store
        self.desk = desk
        self.queue = queue
        self._tracer = tracer
        self.outputs = work / "storage" / "out"
        self.scratch = work / "scratch"
        self.units = store.collection("merge_units")
        self._told: list[UnitFinished] = []

    def request(self, unit_id: str = "join", attempt: int = 1) -> UnitRequest:
        work = MergeWork(subtask_id="transcode-1", url=self.url(unit_id), chunks=[])
        return UnitRequest(flow_id=FLOW, unit_id=unit_id, attempt=attempt, work=work)

    def url(self, unit_id: str = "join") -> str:
        return (self.outputs / f"{unit_id}.mp4").as_uri()

    async def ask(self, request: UnitRequest, traceparent: str | None = None) -> None:
        event = CloudEvent.of("merge.request.v1", request, source="test", flowid=FLOW, traceparent=traceparent)
        await self.desk.publish(event, "", self.queue.name)

    async def cancel(self, *unit_ids: str) -> None:
        event = CloudEvent.of("merge.cancel.v1", UnitCancel(flow_id=FLOW, unit_ids=list(unit_ids)), source="test")
        await self.desk.publish(event, "", self.queue.name)

    @asynccontextmanager
    async def actor(
        self,
        work: FakeWork,
        name: str = "here",
        *,
        amqp_url: str | None = None,
        storage: type[Storage] = Storage,
        **changes: Any,
    ) -> AsyncIterator[Actor]:
        """A running actor with a bus of its own, stopped at the end as a service is."""
        settings = self.settings.model_copy(
            update={"worker_name": name, "amqp_url": amqp_url or self.settings.amqp_url, **changes}
        )
        bus = Bus("merger", settings, self._tracer)
        actor = Actor("merge", self.queue, work, Parts(settings, bus, self.store, storage(settings), self._tracer))
        await actor.prepare()
        await bus.start()
        serving = asyncio.create_task(actor.serve())
        try:
            yield actor
        finally:
            await actor.stop()
            await bus.stop()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    async def told(self) -> UnitFinished:
        """The next result, whatever else was told before it."""
        while True:
            event = await self.desk.event(RESULTS)
            if event.key == "unit.finished.v1":
                result = UnitFinished.model_validate(event.data)
                self._told.append(result)
                return result

    async def nothing_told(self) -> None:
        """Nothing is running, nothing untold, nothing in the queue but repeats of what was told already."""

        async def quiet() -> bool:
            return await self.units.count_documents({"$or": [{"open": True}, {"untold": True}]}) == 0

        await until(quiet, "every unit to be ended and told")
        for _ in range(await self.desk.waiting(RESULTS)):
            event = await self.desk.event(RESULTS)
            assert event.key != "unit.finished.v1" or UnitFinished.model_validate(event.data) in self._told

    async def document(self, unit: str = "join.1") -> dict[str, Any]:
        found = await self.units.find_one({"_id": f"{FLOW}/{unit}"})
        assert found is not None
        return found

    async def state(self, state: str, unit: str = "join.1") -> dict[str, Any]:
        async def check() -> dict[str, Any] | None:
            found = await self.units.find_one({"_id": f"{FLOW}/{unit}", "state": state})
            return found

        return await until(check, f"{unit} to be {state}")

    def leftovers(self) -> list[str]:
        """Files in scratch storage, and half files beside the results."""
        half = [path for path in files_below(self.outputs) if path.name.startswith(".")]
        return [path.name for path in files_below(self.scratch) + half]
