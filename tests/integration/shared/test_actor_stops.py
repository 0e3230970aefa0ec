"""Units that are cancelled, and workers that stop."""

import asyncio

from shared.leases import Leases
from shared.storage import Storage
from tests.fakes import FakeWork
from tests.integration.shared.stage import FLOW, Stage
from tests.waiting import until


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
