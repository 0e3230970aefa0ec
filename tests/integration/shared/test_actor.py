"""A worker from request to result: what others see of it, whatever happens in between. Real broker and database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts import codes, topology
from contracts.envelope import CloudEvent
from contracts.topology import Queue
from contracts.units import ErrorKind, MergeWork, UnitCancel, UnitFinished, UnitProgressed, UnitRequest, UnitStarted
from shared.actor import Actor
from shared.bus import Bus
from shared.errors import InexactError, MediaError, TransientError
from shared.leases import Lease, Leases
from shared.parts import Parts
from shared.settings import Settings
from shared.storage import Storage
from shared.store import Store
from shared.telemetry import Tracer
from tests.fakes import FakeWork
from tests.integration.shared.desk import Desk
from tests.proxy import Proxy, proxy
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
        kept = [path.name for path in self.scratch.rglob("*") if path.is_file()]
        return kept + [path.name for path in self.outputs.rglob(".*")]


@pytest.fixture
async def stage(settings: Settings, store: Store, desk: Desk, tracer: Tracer, tmp_path: Path) -> Stage:
    return Stage(settings, store, desk, await desk.queue(), tracer, tmp_path)


async def test_a_unit_starts_progresses_ends_and_is_told(stage: Stage) -> None:
    work = FakeWork()
    progress = await stage.desk.queue((topology.WORK, "unit.progressed.v1"))
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    async with stage.actor(work, lease_s=3.0):
        await stage.ask(stage.request(), f"00-{trace_id}-b7ad6b7169203331-01")

        event = await stage.desk.event(RESULTS)
        assert event.key == "unit.started.v1"
        assert UnitStarted.model_validate(event.data).worker == "here"
        progressed = UnitProgressed.model_validate((await stage.desk.event(progress)).data)
        assert (progressed.unit_id, progressed.progress_percent) == ("join", 50)
        work.go_on.set()
        finished = await stage.desk.event(RESULTS)

    result = UnitFinished.model_validate(finished.data)
    assert (result.unit_id, result.attempt, result.worker, result.error) == ("join", 1, "here", None)
    assert result.output is not None
    assert (stage.outputs / "join.mp4").read_bytes() == b"content"
    assert [trace_id in (told.traceparent or "") for told in (event, finished)] == [True, True]
    assert not work.directories[0].exists()
    assert stage.leftovers() == []


async def test_what_has_ended_is_told_again_when_requested_again_and_not_done_again(stage: Stage) -> None:
    work = FakeWork()
    work.go_on.set()
    async with stage.actor(work):
        await stage.ask(stage.request())
        first = await stage.told()
        await stage.ask(stage.request())
        assert await stage.told() == first
        await stage.ask(stage.request(attempt=2))
        assert (await stage.told()).attempt == 2

    assert work.begins == 2


async def test_cancelled_while_running_it_stops_and_leaves_nothing(stage: Stage) -> None:
    work = FakeWork()
    async with stage.actor(work, lease_s=30.0):
        await stage.ask(stage.request())
        await work.begun.wait()
        assert stage.leftovers() != []

        await stage.cancel("join.1")

        async def gone() -> bool:
            return work.interrupted == 1 and stage.leftovers() == []

        await until(gone, "the unit to be stopped and its files removed")
        await stage.state("ended")
    assert not (stage.outputs / "join.mp4").exists()


async def test_a_cancellation_whose_wake_is_lost_is_learned_with_the_renewal(stage: Stage) -> None:
    work = FakeWork()
    async with stage.actor(work):
        await stage.ask(stage.request())
        await work.begun.wait()

        await Leases(stage.units, "elsewhere", 1).cancel(FLOW, ["join.1"])

        async def gone() -> bool:
            return work.interrupted == 1 and stage.leftovers() == []

        await until(gone, "the unit to be stopped and its files removed")


async def test_stopping_hands_a_unit_back_without_burning_an_attempt(stage: Stage) -> None:
    first, second = FakeWork(), FakeWork()
    async with stage.actor(first, lease_s=60.0):
        await stage.ask(stage.request())
        await first.begun.wait()

    document = await stage.document()
    assert (document["state"], document["claims"], document["owner"]) == ("waiting", 0, None)
    assert first.interrupted == 1
    assert stage.leftovers() == []

    second.go_on.set()
    async with stage.actor(second, "there"):
        assert (await stage.told()).worker == "there"
    assert (await stage.document())["claims"] == 1


async def test_stopping_lets_a_unit_end_within_the_grace(stage: Stage) -> None:
    work = FakeWork()
    async with stage.actor(work, lease_s=60.0, grace_s=30.0) as actor:
        await stage.ask(stage.request())
        await work.begun.wait()
        stopping = asyncio.create_task(actor.stop())
        await asyncio.wait({stopping}, timeout=0.1)
        work.go_on.set()
        await stopping

    assert work.interrupted == 0
    assert (await stage.told()).error is None
    await stage.nothing_told()


class SlowStorage(Storage):
    """Where a move never ends."""

    async def move(self, source: str, url: str) -> None:
        await asyncio.Event().wait()


async def test_stopping_while_files_are_put_in_place_leaves_them_for_another(stage: Stage) -> None:
    work = FakeWork()
    work.go_on.set()
    async with stage.actor(work, storage=SlowStorage, lease_s=60.0):
        await stage.ask(stage.request())
        await stage.state("placing")
    assert (await stage.document())["state"] == "placing"

    heir = FakeWork()
    async with stage.actor(heir, "there"):
        assert (await stage.told()).error is None
    assert heir.begins == 0
    assert (stage.outputs / "join.mp4").read_bytes() == b"content"
    assert stage.leftovers() == []


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Owners whose renewals never reach the database."""
    names: set[str] = set()
    renew = Leases.renew

    async def renewed(self: Leases, lease: Lease) -> bool:
        return True if lease.owner in names else await renew(self, lease)

    monkeypatch.setattr(Leases, "renew", renewed)
    yield names


async def test_a_vanished_owners_unit_is_taken_over_and_its_late_result_ignored(stage: Stage, frozen: set[str]) -> None:
    frozen.add("here")
    first, second = FakeWork(b"late"), FakeWork(b"in time")
    async with stage.actor(first, slots=1):
        await stage.ask(stage.request())
        await first.begun.wait()
        async with stage.actor(second, "there"):
            await second.begun.wait()
            second.go_on.set()
            result = await stage.told()
            first.go_on.set()

            async def dropped() -> bool:
                return stage.leftovers() == []

            await until(dropped, "the late worker's files to be removed")

    assert (result.worker, (await stage.document())["claims"]) == ("there", 2)
    assert (stage.outputs / "join.mp4").read_bytes() == b"in time"
    await stage.nothing_told()


async def test_a_late_result_before_the_new_one_is_ignored_too(stage: Stage, frozen: set[str]) -> None:
    frozen.add("here")
    first, second = FakeWork(b"late"), FakeWork(b"in time")
    async with stage.actor(first, slots=1), stage.actor(second, "there", slots=1, poll_s=0.05):
        await stage.ask(stage.request())
        await asyncio.wait(
            {asyncio.create_task(first.begun.wait()), asyncio.create_task(second.begun.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not first.begun.is_set():  # the healthy one was quicker: nothing to see in this run but a whole result
            second.go_on.set()
            assert (await stage.told()).worker == "there"
            return
        await second.begun.wait()
        first.go_on.set()

        async def only_the_heirs() -> bool:
            return len(stage.leftovers()) == 1

        await until(only_the_heirs, "the late worker's file to be removed")
        second.go_on.set()
        assert (await stage.told()).worker == "there"
    assert (stage.outputs / "join.mp4").read_bytes() == b"in time"
    await stage.nothing_told()
    assert stage.leftovers() == []


def result_of(lease: Lease) -> UnitFinished:
    request = lease.request
    return UnitFinished(
        flow_id=request.flow_id,
        unit_id=request.unit_id,
        attempt=request.attempt,
        worker=lease.owner,
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
        work_s=1.0,
    )


async def test_a_winner_that_dies_before_its_files_are_in_place_is_finished_by_another(stage: Stage) -> None:
    leases = Leases(stage.units, "dead", 0.3)
    await leases.accept(stage.request(), None)
    lease = await leases.claim()
    assert lease is not None
    staged = stage.scratch / FLOW / "join.1.1.result0"
    staged.parent.mkdir(parents=True)
    staged.write_bytes(b"won")
    assert await leases.win(lease, result_of(lease), [(staged.as_uri(), stage.url())])

    work = FakeWork()
    async with stage.actor(work):
        assert (await stage.told()).worker == "dead"

    assert work.begins == 0
    assert (stage.outputs / "join.mp4").read_bytes() == b"won"
    assert stage.leftovers() == []


async def test_a_winner_that_dies_after_its_files_are_in_place_is_finished_by_another(stage: Stage) -> None:
    leases = Leases(stage.units, "dead", 0.3)
    await leases.accept(stage.request(), None)
    lease = await leases.claim()
    assert lease is not None
    stage.outputs.mkdir(parents=True)
    (stage.outputs / "join.mp4").write_bytes(b"won")
    gone = (stage.scratch / FLOW / "join.1.1.result0").as_uri()
    assert await leases.win(lease, result_of(lease), [(gone, stage.url())])

    async with stage.actor(FakeWork()):
        told = await stage.told()

    assert (told.worker, told.error) == ("dead", None)
    assert (stage.outputs / "join.mp4").read_bytes() == b"won"


ERRORS: dict[str, tuple[Callable[[], Exception], ErrorKind, str]] = {
    "permanent": (
        lambda: MediaError("broken", codes.SOURCE_MALFORMED),
        ErrorKind.PERMANENT,
        codes.SOURCE_MALFORMED,
    ),
    "transient": (lambda: TransientError("full", codes.TIMED_OUT), ErrorKind.TRANSIENT, codes.TIMED_OUT),
    "inexact": (lambda: InexactError("one short"), ErrorKind.INEXACT, codes.FRAME_COUNT_MISMATCH),
    "a bug": (lambda: KeyError("x"), ErrorKind.TRANSIENT, codes.INTERNAL_ERROR),
}


@pytest.mark.parametrize("what", ERRORS)
async def test_failures_are_told_by_kind_and_leave_no_files(stage: Stage, what: str) -> None:
    error, kind, code = ERRORS[what]
    work = FakeWork()
    work.error = error()
    work.go_on.set()
    async with stage.actor(work):
        await stage.ask(stage.request())
        result = await stage.told()

    assert result.error is not None
    assert (result.error.kind, result.error.code) == (kind, code)
    assert (result.output, result.files) == (None, [])
    assert not (stage.outputs / "join.mp4").exists()
    assert stage.leftovers() == []


async def test_a_result_that_cannot_be_put_in_place_is_a_failure(stage: Stage) -> None:
    work = FakeWork()
    work.go_on.set()
    (stage.outputs / "join.mp4" / "a directory").mkdir(parents=True)
    async with stage.actor(work):
        await stage.ask(stage.request())
        result = await stage.told()

    assert result.error is not None
    assert (result.error.kind, result.error.code) == (ErrorKind.PERMANENT, codes.OUTPUT_NOT_WRITABLE)
    assert stage.leftovers() == []


async def test_a_unit_that_kills_its_workers_is_given_up(stage: Stage) -> None:
    killed = Leases(stage.units, "dead", 0.05)
    await killed.accept(stage.request(), None)
    for _ in range(stage.settings.unit_attempts):
        await until(killed.claim, "a claim")

    work = FakeWork()
    async with stage.actor(work):
        result = await stage.told()

    assert result.error is not None
    assert (result.error.kind, result.error.code) == (ErrorKind.PERMANENT, codes.WORKER_LOST)
    assert work.begins == 0


async def test_a_lost_connection_does_not_interrupt_a_unit_and_there_is_one_result(stage: Stage, amqp_url: str) -> None:
    work = FakeWork()
    async with proxy(amqp_url) as line, stage.actor(work, amqp_url=line.url, lease_s=5.0):
        await stage.ask(stage.request())
        await work.begun.wait()

        line.cut()
        work.go_on.set()

        assert (await stage.told()).error is None
        await stage.nothing_told()
    assert (work.begins, work.interrupted) == (1, 0)


async def test_a_result_that_could_not_be_told_is_told_when_the_broker_is_back(stage: Stage, line: Proxy) -> None:
    work = FakeWork()
    async with stage.actor(work, amqp_url=line.url, lease_s=5.0):
        await stage.ask(stage.request())
        await work.begun.wait()
        line.open = False
        line.cut()
        work.go_on.set()
        await stage.state("ended")
        line.open = True

        assert (await stage.told()).error is None
        await stage.nothing_told()


async def test_a_full_worker_lets_the_others_know(stage: Stage) -> None:
    busy, idle = FakeWork(), FakeWork()
    idle.go_on.set()
    async with stage.actor(busy, slots=1, poll_s=60.0, lease_s=30.0):
        await stage.ask(stage.request("first"))
        await busy.begun.wait()
        async with stage.actor(idle, "there", slots=1, poll_s=60.0, lease_s=30.0):
            for number in range(4):
                await stage.ask(stage.request(f"more-{number}"))
            done = {(await stage.told()).unit_id for _ in range(4)}
            assert done == {f"more-{number}" for number in range(4)}
        busy.go_on.set()
        assert (await stage.told()).unit_id == "first"
