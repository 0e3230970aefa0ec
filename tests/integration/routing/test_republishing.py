"""Every event reaches every subscription that wants it, in order within its flow, whatever is lost in between."""

import asyncio
from typing import Any
from uuid import uuid4

import aio_pika
import pytest

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView
from shared.store import StoreUnavailable
from tests.integration.routing.house import House, firsts
from tests.integration.shared.served import DEAD
from tests.proxy import Proxy
from tests.waiting import until


def flows(count: int) -> list[str]:
    return [uuid4().hex for _ in range(count)]


def mixed(house: House, flow_ids: list[str], count: int) -> list[CloudEvent]:
    """Events of several flows, taken turns."""
    return [house.event(flow_id, number) for number in range(1, count + 1) for flow_id in flow_ids]


async def read_all(house: House, subscription: SubscriptionView, wanted: set[str]) -> list[CloudEvent]:
    """Out of a queue until all of these ids were there."""
    found: list[CloudEvent] = []
    while not wanted <= {event.id for event in found}:
        found.append(await house.desk.event(subscription.queue))
    return found


async def test_events_come_to_all_subscriptions_in_order(house: House) -> None:
    await house.start()
    subscriptions = [await house.subscribed(f"s{number}") for number in range(12)]
    told = mixed(house, flows(5), 20)

    await house.tell(*told)

    for subscription in subscriptions:
        taken = await house.taken(subscription, len(told))

        assert all(numbers == list(range(1, 21)) for numbers in firsts(taken).values())
        assert {event.id for event in taken} == {event.id for event in told}
    await house.emptied()


async def test_a_message_is_as_it_was_published_and_tells_when_it_came_into_the_queue(house: House) -> None:
    await house.start()
    kept = await house.subscribed("kept", retention_s=120)
    aged = await house.subscribed("aged", dead_letters={"max_age_s": 300})
    event = house.event(uuid4().hex, 1, outcome="success")

    await house.tell(event)

    for subscription, expiration in ((kept, 120), (aged, 300)):
        message = await house.desk.take(subscription.queue)
        assert message.body == event.to_json()
        assert (message.message_id, message.content_type) == (event.id, "application/cloudevents+json")
        assert (message.delivery_mode, message.expiration) == (2, expiration)
        assert message.timestamp is not None


async def test_a_lost_connection_repeats_but_never_reorders(house: House, line: Proxy) -> None:
    await house.start(amqp_url=line.url)
    subscription = await house.subscribed()
    told = mixed(house, flows(4), 60)

    for number, event in enumerate(told):
        await house.tell(event)
        if number % 50 == 49:
            line.cut()

    taken = await read_all(house, subscription, {event.id for event in told})
    assert all(numbers == list(range(1, 61)) for numbers in firsts(taken).values())


async def test_replicas_that_stop_and_start_never_reorder(house: House) -> None:
    """A stop that cancelled its consumer would let the next replica go on with what comes after."""
    first, second = await house.start(), await house.start()
    subscription = await house.subscribed()
    told = mixed(house, flows(3), 100)

    async def tell() -> None:
        await house.tell(*told)

    telling = asyncio.create_task(tell())
    replicas = [first, second]
    for _ in range(4):
        replicas.append(await house.start())
        await house.stop(replicas.pop(0))
    await telling

    taken = await read_all(house, subscription, {event.id for event in told})
    assert all(numbers == list(range(1, 101)) for numbers in firsts(taken).values())
    assert len(taken) == len(told), "an orderly stop repeats nothing"


async def test_an_event_that_can_t_be_read_is_a_dead_letter_and_holds_nobody_up(house: House) -> None:
    await house.start()
    subscription = await house.subscribed()
    flow_id = uuid4().hex
    good = house.events(flow_id, 2)
    bad = good[0].model_copy(update={"id": "bad", "data": {"progress_percent": "many"}})

    await house.tell(good[0])
    for body in (b"no json", bad.to_json(), good[0].model_copy(update={"type": "vodflow.flow.danced.v1"}).to_json()):
        await house.desk.publish(body, topology.EVENTS, "flow.progressed.v1")
    await house.tell(good[1])

    assert [event.sequence for event in await house.taken(subscription, 2)] == [1, 2]

    async def dead() -> bool:
        return await house.desk.waiting(DEAD) == 3

    await until(dead, "the dead letters")
    assert await house.rest(subscription) == []


async def test_a_queue_that_refuses_holds_its_flow_and_no_other(house: House) -> None:
    """Full for a while: what is refused is tried again, and what comes after it in its flow waits."""
    await house.start()
    open_ = await house.subscribed("open", tags={"procedure": ["a"]})
    full = await house.subscribed("full", tags={"procedure": ["b"]})
    await house.desk.delete(full.queue)
    arguments: Any = {"x-max-length": 1, "x-overflow": "reject-publish"}
    async with await aio_pika.connect(house.settings.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(full.queue, durable=True, arguments=arguments)
        held, free = uuid4().hex, uuid4().hex
        await house.tell(*house.events(held, 3, procedure="b"), *house.events(free, 3, procedure="a"))

        assert [event.sequence for event in await house.taken(open_, 3)] == [1, 2, 3]
        taken = [await house.desk.event(queue.name) for _ in range(3)]
        assert [event.sequence for event in taken] == [1, 2, 3]


async def test_a_queue_that_is_gone_is_made_again_and_a_subscription_that_is_gone_is_nobodys_loss(
    house: House,
) -> None:
    await house.start()
    lost, other = await house.subscribed("lost"), await house.subscribed("other")
    await house.desk.delete(lost.queue)
    flow_id = uuid4().hex
    told = house.events(flow_id, 2)

    await house.tell(told[0])
    assert (await house.desk.event(other.queue)).id == told[0].id
    assert (await house.desk.event(lost.queue)).id == told[0].id

    await house.client.delete_subscription("lost")
    await house.tell(told[1])
    assert (await house.desk.event(other.queue)).id == told[1].id
    assert not await house.desk.exists(lost.queue)


async def test_a_change_counts_from_its_answer_on_at_every_replica(house: House) -> None:
    """Commands are taken by any replica, events by one."""
    for _ in range(3):
        await house.start()
    for number in range(20):
        subscription = await house.subscribed("on-and-off")
        event = house.event(uuid4().hex, number + 1)
        await house.tell(event)
        assert (await house.desk.event(subscription.queue)).id == event.id
        await house.client.delete_subscription("on-and-off")


async def test_while_the_store_is_away_events_are_held_in_order(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.notifier.store import Subscriptions

    await house.start()
    subscription = await house.subscribed()
    revision = Subscriptions.revision
    away = [3]

    async def unsteady(self: Subscriptions) -> int:
        if away[0] > 0:
            away[0] -= 1
            raise StoreUnavailable("down")
        return await revision(self)

    monkeypatch.setattr(Subscriptions, "revision", unsteady)
    told = house.events(uuid4().hex, 5)
    await house.tell(*told)

    assert [event.sequence for event in await house.taken(subscription, 5)] == [1, 2, 3, 4, 5]
    assert away == [0]
