"""Workers that vanish: their units are taken over, done once, and given up in the end."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from contracts import codes
from contracts.units import ErrorKind, UnitFinished
from shared.leases import Lease, Leases
from tests.fakes import FakeWork
from tests.integration.shared.stage import FLOW, Stage
from tests.waiting import until


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
