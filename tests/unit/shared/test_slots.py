"""Slots: a slot first, then a claim; woken, polled, stopped. No broker, no database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.slots import Slots
from tests.waiting import until

NEVER_S = 3600.0


class Work:
    """Items to claim, and what is done with them."""

    def __init__(self, *items: str) -> None:
        self.items = list(items)
        self.running: set[str] = set()
        self.most = 0
        self.claims = 0
        self.done: list[str] = []
        self.cancelled: list[str] = []
        self.claimed_while_full = False
        self.go_on = asyncio.Event()
        self.failures: list[Exception] = []
        self.count = 0

    async def claim(self) -> str | None:
        self.claims += 1
        self.claimed_while_full |= len(self.running) >= self.count
        if self.failures:
            raise self.failures.pop()
        return self.items.pop(0) if self.items else None

    async def run(self, item: str) -> None:
        self.running.add(item)
        self.most = max(self.most, len(self.running))
        try:
            await self.go_on.wait()
            if item.startswith("bad"):
                raise RuntimeError(item)
            self.done.append(item)
        except asyncio.CancelledError:
            self.cancelled.append(item)
            raise
        finally:
            self.running.discard(item)

    async def until_running(self, *items: str) -> None:
        async def check() -> bool:
            return self.running == set(items)

        await until(check, f"{items} to run")

    async def until_done(self, *items: str) -> None:
        async def check() -> bool:
            return self.done == list(items)

        await until(check, f"{items} to be done")

    async def until_claims(self, count: int) -> None:
        async def check() -> bool:
            return self.claims >= count

        await until(check, f"{count} claims")


@asynccontextmanager
async def serving(work: Work, count: int = 2, poll_s: float = NEVER_S) -> AsyncIterator[Slots[str]]:
    work.count = count
    slots = Slots(count, work.claim, work.run, poll_s)
    task = asyncio.create_task(slots.serve())
    yield slots
    await slots.stop(0)
    await task


async def test_never_more_than_there_are_slots() -> None:
    work = Work("a", "b", "c", "d", "e")
    async with serving(work) as slots:
        await work.until_running("a", "b")
        assert slots.full
        work.go_on.set()
        await work.until_done("a", "b", "c", "d", "e")
    assert work.most == 2


async def test_a_slot_comes_first_then_the_claim() -> None:
    work = Work("a", "b", "c")
    async with serving(work):
        await work.until_running("a", "b")
        for _ in range(20):
            await asyncio.sleep(0)
        assert (work.claims, work.items) == (2, ["c"])
        work.go_on.set()
        await work.until_done("a", "b", "c")
    assert not work.claimed_while_full


async def test_waking_finds_new_work_without_waiting_for_the_poll() -> None:
    work = Work()
    work.go_on.set()
    async with serving(work) as slots:
        await work.until_claims(1)
        work.items.append("a")
        slots.wake()
        await work.until_done("a")


async def test_a_wake_during_a_claim_is_not_lost() -> None:
    work = Work()
    work.go_on.set()
    claiming, answer = asyncio.Event(), asyncio.Event()

    async def slow_claim() -> str | None:
        found = await work.claim()
        claiming.set()
        await answer.wait()
        return found

    slots = Slots(1, slow_claim, work.run, NEVER_S)
    task = asyncio.create_task(slots.serve())
    await claiming.wait()
    work.items.append("a")
    slots.wake()
    answer.set()
    await work.until_done("a")
    await slots.stop(0)
    await task


async def test_polling_finds_work_that_nobody_announced() -> None:
    work = Work()
    work.go_on.set()
    async with serving(work, poll_s=0.01):
        await work.until_claims(2)
        work.items.append("a")
        await work.until_done("a")


async def test_a_failing_claim_is_tried_again() -> None:
    work = Work("a")
    work.failures = [ConnectionError("away")]
    work.go_on.set()
    async with serving(work, poll_s=0.01):
        await work.until_done("a")


async def test_failing_work_frees_its_slot() -> None:
    work = Work("bad-1", "bad-2", "c")
    work.go_on.set()
    async with serving(work) as slots:
        await work.until_done("c")

        async def idle() -> bool:
            return slots.busy == 0

        await until(idle, "the slots to be free")


async def test_stopping_waits_for_what_runs_and_claims_no_more() -> None:
    work = Work("a", "b", "c")
    async with serving(work) as slots:
        await work.until_running("a", "b")
        stopping = asyncio.create_task(slots.stop(NEVER_S))
        await asyncio.sleep(0)
        assert not stopping.done()
        work.go_on.set()
        await stopping
    assert (sorted(work.done), work.cancelled, work.items) == (["a", "b"], [], ["c"])


async def test_after_the_grace_what_runs_is_cancelled() -> None:
    work = Work("a", "b")
    async with serving(work) as slots:
        await work.until_running("a", "b")
        await slots.stop(0.01)
        assert work.running == set()
    assert sorted(work.cancelled) == ["a", "b"]


async def test_what_was_being_claimed_when_it_stopped_is_still_taken_care_of() -> None:
    """A claim that is under way has an effect in the database: its item must be run or handed back, never forgotten."""
    work = Work("a")
    claiming, answer = asyncio.Event(), asyncio.Event()

    async def slow_claim() -> str | None:
        found = await work.claim()
        claiming.set()
        await answer.wait()
        return found

    slots = Slots(1, slow_claim, work.run, NEVER_S)
    task = asyncio.create_task(slots.serve())
    await claiming.wait()
    stopping = asyncio.create_task(slots.stop(0))
    await asyncio.sleep(0)
    answer.set()
    await stopping
    await task
    assert (work.done, work.cancelled, work.running) == ([], ["a"], set())
