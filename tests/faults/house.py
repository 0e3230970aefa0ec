"""A whole stack under attack: small flows, processes ended in between, and what must hold afterwards all the same."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import aio_pika

from contracts import topology
from contracts.client import VodflowClient
from contracts.envelope import CloudEvent
from contracts.flows import FlowSubmit, FlowView
from deploy.local.services import Service
from shared.store import Document, Store
from tests.files import files_below
from tests.running import RunningStack
from tests.waiting import until

T = TypeVar("T")

LEASE_S = 3.0
FRAMES = 200
CHUNKS = 4
SETTINGS: Mapping[str, str] = {
    "VODFLOW_LEASE_S": f"{LEASE_S:g}",
    "VODFLOW_POLL_S": "0.3",
    "VODFLOW_RETRY_S": "0.3",
    "VODFLOW_RESEND_S": "3",
    "VODFLOW_GRACE_S": "0.3",
    "VODFLOW_SLOTS": "2",
    "VODFLOW_FLEET_SLOTS": "2",
    "VODFLOW_FETCH_NETWORKS": "127.0.0.0/8",
    "VODFLOW_CALLBACK_NETWORKS": "127.0.0.0/8",
}
TASKS: Mapping[str, Any] = {
    "transcode": [{"definition": 100010, "override": {"video": {"height": 128, "bitrate_kbps": 128}}}],
    "snapshot_by_time_offset": [{"time_offsets": ["1s", "50%"]}],
}


class House:
    """The stack, a client of it and a queue that hears every public event."""

    queue = "test.audit"
    """Hears every public event."""

    def __init__(self, running: RunningStack, store: Store, client: VodflowClient, gates: Path, source: Path) -> None:
        self.running = running
        self.stack = running.stack
        self.store = store
        self.client = client
        self._gates = gates
        self.source = source

    async def call(self, action: Coroutine[Any, Any, T]) -> T:
        """Run something on the stack's loop."""
        return await asyncio.wrap_future(self.running.call(action))

    # services

    def of(self, name: str) -> Service:
        """The one process of a service."""
        (service,) = self.stack.services.of(name)
        return service

    async def send(self, service: Service, number: signal.Signals) -> int:
        """A signal to a process; its id."""
        pid = await until(lambda: _now(service.pid), f"{service.command.name} to run")
        os.kill(pid, number)
        return pid

    @asynccontextmanager
    async def another(self, name: str) -> AsyncIterator[None]:
        """A second process of a service, for a while."""
        service = await self.call(self.stack.services.add(name))
        try:
            yield
        finally:
            await self.call(self.stack.services.remove(service))

    async def kill(self, name: str) -> None:
        """SIGKILL; the supervisor starts another."""
        await self.send(self.of(name), signal.SIGKILL)

    def owner(self, document: Document) -> Service:
        """The process that holds a unit."""
        pid = int(document["owner"].rsplit(":", 1)[-1])
        return next(service for service in self.stack.services.running if service.pid == pid)

    def close(self, service: str) -> None:
        """From now on this service's ffmpeg waits."""
        (self._gates / service).touch()

    def open(self, service: str) -> None:
        """It waits no more."""
        (self._gates / service).unlink(missing_ok=True)

    def open_all(self) -> None:
        """None waits any more."""
        for gate in self._gates.iterdir():
            gate.unlink(missing_ok=True)

    async def all_ready(self) -> None:
        """Every process runs and is ready."""
        from deploy.local.health import is_ready

        async def check() -> bool:
            services = self.stack.services.running
            running = all(service.pid is not None for service in services)
            return running and all([await is_ready(service.health_url) for service in services])

        await until(check, "every service to be ready")

    # flows

    def asked(self, url: str | None = None) -> FlowSubmit:
        """A flow of a transcode that is cut into pieces and two snapshots, its results in a directory of its own.

        `url` is another place of the same source.
        """
        place = self.running.environment.storage_root / uuid4().hex[:8]
        return FlowSubmit.model_validate(
            {
                "input": {"url": url or self.source.as_uri()},
                "output": {"storage": place.as_uri() + "/"},
                "tasks": TASKS,
                "notify": {"mode": "change"},
            }
        )

    async def force_cuts(self) -> None:
        """Learned rates, as if the work took long."""
        rates = self.store.collection("rates")
        await rates.update_one({"_id": "h264.h264.small"}, {"$set": {"rate": 500.0}}, upsert=True)

    async def submit(self, url: str | None = None) -> str:
        """The flow's id."""
        await self.force_cuts()
        return (await self.client.submit(self.asked(url))).flow_id

    async def flow(self, flow_id: str, **wanted: Any) -> Document:
        """The planner's document, once it has these values."""
        flows = self.store.collection("flows")
        return await until(lambda: flows.find_one({"_id": flow_id, **wanted}), f"the flow with {wanted}")

    async def units(self, kind: str, flow_id: str) -> list[Document]:
        """The documents of a worker's units."""
        found = self.store.collection(f"{kind}_units").find({"request.flow_id": flow_id})
        return await found.to_list(1000)

    async def unit(self, kind: str, flow_id: str, check: Callable[[Document], bool], what: str) -> Document:
        """A unit's document, once there is one for which `check` holds."""

        async def found() -> Document | None:
            return next((unit for unit in await self.units(kind, flow_id) if check(unit)), None)

        return await until(found, what)

    async def running_unit(self, kind: str, flow_id: str) -> Document:
        """A unit that somebody is at."""
        return await self.unit(kind, flow_id, lambda unit: unit["state"] == "running", f"a running {kind} unit")

    async def ended(self, flow_id: str) -> FlowView:
        """Wait for the flow's end, and check all that must hold then."""
        await self.flow(flow_id, state="finished")
        view = await self.client.describe(flow_id)
        assert view.outcome == "success", view
        events = await self.events_of(flow_id)
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        assert [event.key for event in events if event.key == "flow.finished.v1"] == ["flow.finished.v1"]
        assert (events[0].key, events[-1].key) == ("flow.accepted.v1", "flow.finished.v1")
        self._check_outputs(view)
        await self.nothing_left(flow_id)
        return view

    def _check_outputs(self, view: FlowView) -> None:
        place = Path(view.output.storage.removeprefix("file://"))
        names = sorted(path.name for path in place.iterdir())
        stem = self.source.stem
        snapshots = [f"{stem}_snapshotByTimeOffset_10_{number}.jpg" for number in range(2)]
        assert names == [*snapshots, f"{stem}_transcode_100010.mp4"]
        argv = ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries"]
        argv += ["stream=nb_read_frames:format=duration", "-of", "json", str(place / names[-1])]
        told = json.loads(subprocess.run(argv, check=True, capture_output=True).stdout)
        assert int(told["streams"][0]["nb_read_frames"]) == FRAMES

    async def nothing_left(self, flow_id: str) -> None:
        """No file of the flow remains in scratch storage."""
        scratch = self.stack.layout.scratch / flow_id

        async def clean() -> bool:
            return not files_below(scratch)

        await until(clean, "scratch storage to be clean")

    async def events_of(self, flow_id: str) -> list[CloudEvent]:
        """The flow's public events up to its end, repeats left out. A repeat with another id fails."""
        events: dict[int, CloudEvent] = {}
        async with await aio_pika.connect(self.running.environment.amqp_url) as connection:
            queue = await (await connection.channel()).get_queue(self.queue, ensure=False)

            async def last() -> bool:
                while message := await queue.get(no_ack=True, fail=False):
                    event = CloudEvent.model_validate_json(message.body)
                    if event.flowid == flow_id:
                        assert event.sequence is not None
                        first = events.setdefault(event.sequence, event)
                        assert first.id == event.id
                        assert event.sequence <= len(events), f"{event.sequence} came before what goes before it"
                return any(event.key == "flow.finished.v1" for event in events.values())

            await until(last, "the flow's last event")
        return list(events.values())

    async def listen(self) -> None:
        """Make the queue that hears every public event, or find it there."""
        async with await aio_pika.connect(self.running.environment.amqp_url) as connection:
            channel = await connection.channel()
            queue = await channel.declare_queue(self.queue, durable=True, arguments={"x-queue-type": "quorum"})
            for key in ("flow.#", "subtask.#"):
                await queue.bind(topology.EVENTS, key)


async def _now(value: T) -> T:
    return value
