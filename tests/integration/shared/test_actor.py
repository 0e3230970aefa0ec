"""The life of a unit at a worker: started, done, told, failed."""

import asyncio
from collections.abc import Callable

import pytest

from contracts import codes, topology
from contracts.units import ErrorKind, UnitFinished, UnitProgressed, UnitStarted
from shared.errors import InexactError, MediaError, TransientError
from shared.media import probe
from tests.fakes import FakeWork
from tests.integration.shared.stage import RESULTS, Stage
from tests.media import clips
from tests.proxy import Proxy, proxy


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


async def test_a_file_that_a_flow_starts_with_next_is_looked_at_where_it_is_made(stage: Stage) -> None:
    work = FakeWork(await asyncio.to_thread(clips.PORTRAIT.read_bytes))
    work.go_on.set()
    media, _ = await probe(clips.PORTRAIT)
    async with stage.actor(work, lease_s=30.0):
        await stage.ask(stage.request().model_copy(update={"look_at": [stage.url()]}))
        told = await stage.told()
        assert [(look.url, look.media) for look in told.looks] == [(stage.url(), media)]
        await stage.ask(stage.request("other").model_copy(update={"look_at": [stage.url()]}))
        assert (await stage.told()).looks == []


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
