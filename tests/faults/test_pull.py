"""Notifiers killed and paused, the broker started again, while events are under a lease or waited for."""

import asyncio
import functools
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import aio_pika
import pytest

from contracts.envelope import CloudEvent
from contracts.errors import Unreachable
from contracts.subscriber_queues import ReceivedMessage
from contracts.subscriptions import SubscriptionPut, SubscriptionView
from tests.faults.house import House
from tests.waiting import until

COUNT = 300


@pytest.fixture
async def mine(house: House) -> AsyncIterator[SubscriptionView]:
    """A subscription that only gets what a test puts into its queue; no lease ends but by the test."""
    asked = SubscriptionPut(name=f"pulled-{uuid4().hex[:6]}", patterns=["workflow.failed.v1"], visibility_s=600)
    yield await house.client.put_subscription(asked)
    await house.all_ready()
    await house.client.delete_subscription(asked.name)


async def publish(house: House, queue: str, ids: Sequence[str]) -> None:
    async with await aio_pika.connect(house.running.environment.amqp_url) as connection:
        channel = await connection.channel()
        for id_ in ids:
            event = CloudEvent(id=id_, source="test", type="vodflow.flow.progressed.v1")
            message = aio_pika.Message(event.to_json(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            await channel.default_exchange.publish(message, queue)


async def received(house: House, name: str, **asked: Any) -> Sequence[ReceivedMessage]:
    """Receive by whoever answers: an ask that a dead or paused process swallowed is made anew."""
    while True:
        try:
            return await house.client.receive(name, timeout_s=3, **{"wait_s": 1, **asked})
        except Unreachable:
            continue


def ids(messages: Sequence[ReceivedMessage]) -> list[str]:
    return [message.message_id for message in messages]


async def test_handles_survive_the_notifier_that_gave_them(house: House, mine: SubscriptionView) -> None:
    await publish(house, mine.queue, ["a", "b", "c"])
    messages = await house.client.receive(mine.name, count=3, wait_s=10)
    assert ids(messages) == ["a", "b", "c"]

    pid = house.of("notifier").pid
    await house.kill("notifier")
    await until(lambda: _changed(house, pid), "another notifier")
    await house.all_ready()

    deleted = await house.client.delete_received(mine.name, [messages[0].handle, messages[1].handle])
    assert (deleted.code, deleted.faults) == ("0", [])
    described = await house.client.describe_queue(mine.name)
    assert (described.active_count, described.inactive_count) == (0, 1)
    assert await house.client.receive(mine.name, count=3) == []


async def test_a_notifier_killed_again_and_again_while_events_are_received(
    house: House, mine: SubscriptionView
) -> None:
    """Nothing is lost; what comes twice has one id. Kills hit every step: taken, kept, acked, leased, answered."""
    await publish(house, mine.queue, [f"{number:03}" for number in range(COUNT)])
    seen: Counter[str] = Counter()

    async def receive() -> None:
        while len(seen) < COUNT:
            messages = await received(house, mine.name, count=7)
            seen.update(ids(messages))
            handles = [message.handle for message in messages]
            while handles:
                try:
                    await house.client.delete_received(mine.name, handles, timeout_s=3)
                    break
                except Unreachable:
                    continue
            if not messages:
                await _end_leases(house, mine.queue)

    async def kill() -> None:
        for part in range(1, 6):
            await until(functools.partial(_progress, seen, part * COUNT // 8), "progress")
            await house.kill("notifier")

    async with asyncio.TaskGroup() as group:
        for task in (receive(), receive(), receive(), kill()):
            group.create_task(task)

    twice = sum(count > 1 for count in seen.values())
    print(f"{COUNT} events, 5 kills: {COUNT - len(seen)} lost, {twice} more than once, each under one id")
    assert sorted(seen) == [f"{number:03}" for number in range(COUNT)]
    described = await house.client.describe_queue(mine.name)
    assert described.active_count == 0


async def test_a_notifier_paused_for_longer_than_its_leases(house: House, mine: SubscriptionView) -> None:
    async with house.another("notifier"):
        await publish(house, mine.queue, ["a"])
        (first,) = await house.client.receive(mine.name, wait_s=10)
        paused = house.stack.services.of("notifier")[0]
        await house.send(paused, signal.SIGSTOP)
        try:
            await _end_leases(house, mine.queue)
            await publish(house, mine.queue, ["b"])
            again = await until(lambda: _some(house, mine.name), "the other to deliver it")
            assert (again.message_id, again.dequeue_count) == ("a", 2)
        finally:
            await house.send(paused, signal.SIGCONT)
        await house.all_ready()

        deleted = await house.client.delete_received(mine.name, [first.handle, again.handle])
        assert [fault.handle for fault in deleted.faults] == [first.handle]
        seen: list[str] = []

        async def rest() -> bool:
            await _end_leases(house, mine.queue)
            seen.extend(ids(await received(house, mine.name, count=16)))
            return "b" in seen

        await until(rest, "the event that came meanwhile")
        assert set(seen) == {"b"}


async def test_what_a_paused_notifier_was_asked_is_answered_by_the_other(house: House, mine: SubscriptionView) -> None:
    """The broker takes back what it holds, before those who asked give up."""
    async with house.another("notifier"):
        await publish(house, mine.queue, [f"{number}" for number in range(8)])
        paused = house.stack.services.of("notifier")[0]
        await house.send(paused, signal.SIGSTOP)
        try:
            asked = [asyncio.create_task(house.client.receive(mine.name, wait_s=10)) for _ in range(8)]
            seen = [id_ for messages in await asyncio.gather(*asked) for id_ in ids(messages)]
        finally:
            await house.send(paused, signal.SIGCONT)
        assert sorted(seen) == [f"{number}" for number in range(8)]


async def test_a_broker_started_again_while_one_waits(house: House, mine: SubscriptionView) -> None:
    rabbitmq = house.stack.rabbitmq
    assert rabbitmq is not None
    await publish(house, mine.queue, ["kept"])
    await house.client.receive(mine.name, wait_s=10)
    waiting = asyncio.create_task(house.client.receive(mine.name, count=16, wait_s=30))
    await until(lambda: _consumers(house, mine.queue), "the wait to begin")

    await house.call(rabbitmq.stop())
    await house.call(rabbitmq.start())
    await house.all_ready()
    await publish(house, mine.queue, ["late"])

    assert ids(await waiting) == ["late"]
    assert (await house.client.describe_queue(mine.name)).inactive_count == 2


async def _end_leases(house: House, queue: str) -> None:
    """As if the visibility had passed."""
    held = {"queue": queue, "deleted_by": None}
    past = [{"$set": {"visible_at": {"$min": ["$visible_at", {"$subtract": ["$$NOW", 1]}]}}}]
    await house.store.collection("deliveries").update_many(held, past)


async def _some(house: House, name: str) -> ReceivedMessage | None:
    messages = await received(house, name)
    return messages[0] if messages else None


async def _consumers(house: House, queue: str) -> bool:
    async with await aio_pika.connect(house.running.environment.amqp_url) as connection:
        declared = await (await connection.channel()).declare_queue(queue, passive=True)
        return declared.declaration_result.consumer_count == 1


async def _changed(house: House, pid: int | None) -> bool:
    return house.of("notifier").pid not in (None, pid)


async def _progress(seen: Counter[str], count: int) -> bool:
    return len(seen) >= count
