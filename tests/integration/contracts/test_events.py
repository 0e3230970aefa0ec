"""Consuming a subscriber queue on a real broker."""

import asyncio
import uuid
from contextlib import aclosing

import pytest

from contracts.client import VodflowClient
from contracts.envelope import CloudEvent
from contracts.errors import Refused, Unreachable
from contracts.flows import FlowCancelled
from contracts.topology import subscriber_queue
from tests.integration.contracts.standin import FLOW_ID, StandIn
from tests.proxy import Proxy


@pytest.fixture
def name() -> str:
    return "s" + uuid.uuid4().hex


def numbered(*numbers: int) -> list[CloudEvent]:
    data = FlowCancelled(flow_id=FLOW_ID)
    return [CloudEvent.of("flow.progressed.v1", data, source="t", flowid=FLOW_ID, sequence=n) for n in numbers]


async def test_what_is_not_confirmed_comes_again(client: VodflowClient, stand_in: StandIn, name: str) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    await stand_in.put(queue, *numbered(1, 2, 3))

    async with asyncio.timeout(20), aclosing(client.events(name)) as deliveries:
        first = await anext(deliveries)
        await first.confirm()
        second = await anext(deliveries)
        await second.nack()
        third = await anext(deliveries)

    assert [first.event.sequence, second.event.sequence, third.event.sequence] == [1, 2, 3]
    again = []
    async with asyncio.timeout(20):
        async for delivery in client.events(name):
            again.append((delivery.event.sequence, delivery.redelivered))
            await delivery.confirm()
            if len(again) == 2:
                break
    assert sorted(again) == [(2, True), (3, True)]


async def test_without_following_it_ends_when_the_queue_is_empty(
    client: VodflowClient, stand_in: StandIn, name: str
) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    await stand_in.put(queue, *numbered(1, 2))
    seen = []
    async with asyncio.timeout(20):
        async for delivery in client.events(name, follow=False):
            seen.append(delivery.event.sequence)
            await delivery.nack(requeue=False)
    assert seen == [1, 2]


async def test_consuming_survives_a_lost_connection(
    client: VodflowClient, stand_in: StandIn, line: Proxy, name: str
) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    await stand_in.put(queue, *numbered(1))

    async with asyncio.timeout(20), aclosing(client.events(name)) as deliveries:
        first = await anext(deliveries)
        line.cut()
        again = await anext(deliveries)
        with pytest.raises(Unreachable, match="will come again"):
            await first.confirm()
        await again.confirm()
        await stand_in.put(queue, *numbered(2))
        second = await anext(deliveries)
        await second.confirm()

    assert (first.event.sequence, again.event.sequence, second.event.sequence) == (1, 1, 2)


async def test_a_missing_subscription_is_refused(client: VodflowClient, name: str) -> None:
    with pytest.raises(Refused, match="put the subscription first"):
        await anext(client.events(name))


async def test_a_deleted_subscription_ends_the_consumer(client: VodflowClient, stand_in: StandIn, name: str) -> None:
    queue = await stand_in.queue(subscriber_queue("t1", name))
    await stand_in.put(queue.name, *numbered(1))
    async with asyncio.timeout(20), aclosing(client.events(name)) as deliveries:
        await (await anext(deliveries)).confirm()
        await queue.delete(if_unused=False, if_empty=False)
        with pytest.raises(Refused, match="put the subscription first"):
            await anext(deliveries)


async def test_what_is_no_event_is_passed_over(client: VodflowClient, stand_in: StandIn, name: str) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    await stand_in.put_raw(queue, b"{}")
    await stand_in.put(queue, *numbered(1))
    async with asyncio.timeout(20), aclosing(client.events(name)) as deliveries:
        assert (await anext(deliveries)).event.sequence == 1
