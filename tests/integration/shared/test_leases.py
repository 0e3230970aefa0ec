"""A unit is claimed by one, renewed, taken over when its lease lapses, ended once: on a real MongoDB, both drivers."""

import asyncio
from datetime import UTC, datetime

import pytest

from contracts.units import MergeWork, UnitFinished, UnitRequest
from shared.leases import Lease, Leases
from shared.store import Store
from tests.waiting import until

LEASE_S = 0.6


def request(unit_id: str = "merge-1", *, priority: int = 0, stamp: float = 0.0, attempt: int = 1) -> UnitRequest:
    work = MergeWork(subtask_id="transcode-1", url="file:///out.mp4", chunks=[])
    return UnitRequest(flow_id="f", unit_id=unit_id, attempt=attempt, priority=priority, stamp=stamp, work=work)


def result(lease: Lease) -> UnitFinished:
    return UnitFinished(
        flow_id="f",
        unit_id=lease.request.unit_id,
        attempt=1,
        worker=lease.owner,
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
        work_s=1.0,
    )


@pytest.fixture
async def here(store: Store) -> Leases:
    leases = Leases(store.collection("units"), "here", LEASE_S)
    await leases.prepare()
    return leases


@pytest.fixture
def there(store: Store) -> Leases:
    return Leases(store.collection("units"), "there", LEASE_S)


async def claimed(leases: Leases) -> Lease:
    return await until(leases.claim, "a claim")


async def test_highest_priority_then_lowest_stamp(here: Leases) -> None:
    await here.accept(request("late", stamp=9), None)
    await here.accept(request("early", stamp=3), None)
    await here.accept(request("urgent", priority=5, stamp=99), None)

    order = [(await claimed(here)).request.unit_id for _ in range(3)]

    assert order == ["urgent", "early", "late"]
    assert await here.claim() is None


async def test_a_request_is_kept_once(here: Leases) -> None:
    await here.accept(request(), None)
    await here.accept(request(), None)

    assert await here.claim() is not None
    assert await here.claim() is None


async def test_a_lapsed_lease_is_taken_over_and_its_owner_is_fenced_off(here: Leases, there: Leases) -> None:
    await here.accept(request(), None)
    lost = await claimed(here)

    taken = await claimed(there)

    assert (taken.key, taken.claims) == (lost.key, 2)
    assert not await here.renew(lost)
    assert not await here.win(lost, result(lost), [])
    assert not await here.end(lost, result(lost))
    assert await there.end(taken, result(taken))
    assert [told.worker for _, told, _ in await there.untold()] == ["there"]


async def test_renewing_holds_on(here: Leases, there: Leases) -> None:
    await here.accept(request(), None)
    lease = await claimed(here)

    for _ in range(8):
        assert await here.renew(lease)
        assert await there.claim() is None
        await asyncio.sleep(LEASE_S / 4)


async def test_a_winner_that_died_is_finished_by_another_with_its_result(here: Leases, there: Leases) -> None:
    await here.accept(request(), None)
    lease = await claimed(here)
    assert await here.win(lease, result(lease), [("file:///staged", "file:///out.mp4")])

    heir = await claimed(there)

    assert heir.result is not None and heir.result.worker == "here"
    assert heir.moves == [("file:///staged", "file:///out.mp4")]


async def test_released_is_there_for_others_at_once_and_the_claim_does_not_count(here: Leases, there: Leases) -> None:
    await here.accept(request(), None)
    await here.release(await claimed(here))

    again = await there.claim()

    assert again is not None and again.claims == 1


async def test_cancelled_before_it_came_never_starts(here: Leases) -> None:
    await here.cancel("f", ["merge-1.1"])
    await here.accept(request(), None)

    assert await here.claim() is None


async def test_cancelled_while_running_loses_its_lease(here: Leases) -> None:
    await here.accept(request(), None)
    lease = await claimed(here)

    await here.cancel("f", ["merge-1.1"])

    assert not await here.renew(lease)
    assert await here.claim() is None


async def test_an_ended_unit_that_is_requested_again_gives_its_result(here: Leases) -> None:
    await here.accept(request(), None)
    lease = await claimed(here)
    await here.end(lease, result(lease))

    assert await here.accept(request(), None) == result(lease)
    assert await here.claim() is None


async def test_told_is_told(here: Leases) -> None:
    await here.accept(request(), None)
    lease = await claimed(here)
    await here.end(lease, result(lease))

    await here.told(lease.key)

    assert await here.untold() == []
