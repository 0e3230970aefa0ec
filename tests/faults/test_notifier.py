"""The notifier killed and paused at the moments that matter: nothing lost, repeats by the same id, order kept."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel

from contracts import topology
from contracts.envelope import CloudEvent, event_id
from contracts.flows import FlowProgressed, Notify
from contracts.subscriptions import SubscriptionPut, SubscriptionView
from tests.faults.house import House
from tests.waiting import PATIENCE_S, until


@pytest.fixture
async def channel(house: House) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(house.running.environment.amqp_url) as connection:
        yield await connection.channel()


@asynccontextmanager
async def subscribed(house: House, *names: str) -> AsyncIterator[list[SubscriptionView]]:
    """Subscriptions for the time of a test."""
    yield [await house.client.put_subscription(SubscriptionPut(name=name)) for name in names]
    for name in names:
        await house.client.delete_subscription(name)


def events(flow_id: str, count: int) -> list[CloudEvent]:
    return [
        CloudEvent.of(
            "flow.progressed.v1",
            FlowProgressed(flow_id=flow_id, notify=Notify(mode="change"), progress_percent=0, subtasks=[]),
            source="test",
            id=event_id(flow_id, number),
            flowid=flow_id,
            sequence=number,
        )
        for number in range(1, count + 1)
    ]


async def tell(channel: AbstractChannel, *told: CloudEvent) -> None:
    """As the planner does."""
    exchange = await channel.get_exchange(topology.EVENTS, ensure=False)
    for event in told:
        await exchange.publish(Message(event.to_json(), delivery_mode=DeliveryMode.PERSISTENT), event.key)


async def waiting(channel: AbstractChannel, queue: str) -> int:
    """Messages that are with nobody."""
    declared = await channel.declare_queue(queue, passive=True)
    return declared.declaration_result.message_count or 0


async def handed_out(channel: AbstractChannel) -> None:
    """Wait until all events are with a notifier."""

    async def check() -> bool:
        return await waiting(channel, topology.NOTIFIER_EVENTS.name) == 0

    await until(check, "the notifier to have every event in hand")


async def read(house: House, name: str, wanted: list[CloudEvent]) -> list[CloudEvent]:
    """What a subscriber gets, up to the last of these events."""
    missing = {event.id for event in wanted}
    found: list[CloudEvent] = []
    async with asyncio.timeout(PATIENCE_S), aclosing(house.client.events(name)) as deliveries:
        async for delivery in deliveries:
            await delivery.confirm()
            found.append(delivery.event)
            missing.discard(delivery.event.id)
            if not missing:
                break
    return found


def in_order(found: list[CloudEvent], wanted: list[CloudEvent]) -> bool:
    """Whether by first delivery these came, all of them, as they were told."""
    return list(dict.fromkeys(event.id for event in found)) == [event.id for event in wanted]


async def test_killed_between_receiving_and_republishing(house: House, channel: AbstractChannel) -> None:
    """It has every event in hand and waits for the database, to know where they go."""
    mongod = house.stack.mongod
    assert mongod is not None
    assert mongod.pid is not None
    told = events(uuid4().hex, 50)
    async with subscribed(house, "killed-early") as (subscription,):
        os.kill(mongod.pid, signal.SIGSTOP)
        try:
            await tell(channel, *told)
            await handed_out(channel)
            assert await waiting(channel, subscription.queue) == 0
            await house.kill("notifier")
        finally:
            os.kill(mongod.pid, signal.SIGCONT)

        found = await read(house, "killed-early", told)
        assert [event.id for event in found] == [event.id for event in told], "none had been republished"


async def test_killed_between_republishing_and_acknowledging(house: House, channel: AbstractChannel) -> None:
    """One of two queues has the event, the other one refuses it for now: it can't be acknowledged yet."""
    told = events(uuid4().hex, 3)
    async with subscribed(house, "open", "full") as (open_, full):
        await channel.queue_delete(full.queue)
        arguments: Any = {"x-max-length": 1, "x-overflow": "reject-publish"}
        queue = await channel.declare_queue(full.queue, durable=True, arguments=arguments)
        await channel.default_exchange.publish(Message(b"{}", delivery_mode=DeliveryMode.PERSISTENT), full.queue)
        await tell(channel, *told)

        async def republished() -> bool:
            return await waiting(channel, open_.queue) == 1

        await until(republished, "the first event in the first queue")
        await house.kill("notifier")
        await house.all_ready()
        await until(lambda: _at_least(channel, open_.queue, 2), "the same event once more")
        assert await queue.purge()

        assert in_order(await read(house, "full", told), told)
        found = await read(house, "open", told)
        assert in_order(found, told)
        assert [event.sequence for event in found][:2] == [1, 1]


async def _at_least(channel: AbstractChannel, queue: str, count: int) -> bool:
    return await waiting(channel, queue) >= count


async def test_killed_again_and_again_it_loses_and_reorders_nothing(house: House, channel: AbstractChannel) -> None:
    flows = [events(uuid4().hex, 45) for _ in range(4)]
    told = [event for together in zip(*flows, strict=True) for event in together]
    async with subscribed(house, "often"):
        for number in range(0, len(told), 60):
            await tell(channel, *told[number : number + 60])
            await house.kill("notifier")
        found = await read(house, "often", told)

    for flow in flows:
        assert in_order([event for event in found if event.flowid == flow[0].flowid], flow)


async def test_a_paused_replica_is_noticed_and_another_goes_on(house: House, channel: AbstractChannel) -> None:
    """Its heartbeats are missed. When it wakes up, what it still does changes nothing."""
    active = house.of("notifier")
    before, after = events(uuid4().hex, 5), events(uuid4().hex, 200)
    async with house.another("notifier"), subscribed(house, "paused"):
        await tell(channel, *before)
        assert in_order(await read(house, "paused", before), before)
        await tell(channel, *after[:100])
        await house.send(active, signal.SIGSTOP)
        paused = time.monotonic()
        try:
            await tell(channel, *after[100:])
            found = await read(house, "paused", after)
            print(f"a paused notifier is noticed after {time.monotonic() - paused:.1f} s at most")
        finally:
            await house.send(active, signal.SIGCONT)
        await house.all_ready()
        last = events(uuid4().hex, 3)
        await tell(channel, *last)
        found += [event for event in await read(house, "paused", last) if event.flowid == after[0].flowid]
    assert in_order(found, after)
