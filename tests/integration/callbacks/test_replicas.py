"""Several notifiers, one of which stops, is killed or loses its connection."""

import asyncio
import itertools

import pytest
from aiohttp import web

from contracts.subscriptions import SubscriptionView
from services.notifier.callbacks.callbacks import Callbacks
from services.notifier.callbacks.schedule import Schedule
from services.notifier.store import Subscriptions
from tests.integration.callbacks.house import House, event
from tests.integration.callbacks.receivers import Receiver, always
from tests.integration.callbacks.test_retries import by_flow
from tests.proxy import Proxy
from tests.waiting import until


async def attached(callbacks: Callbacks) -> None:
    """Wait until a replica is at its queue."""

    async def check() -> bool:
        return callbacks.attached == 1

    await until(check, "a consumer")


async def test_one_at_a_time_posts(house: House, receiver: Receiver) -> None:
    subscription = await house.put(receiver.url(), strategy="BACKOFF_RETRY")
    async with house.replica() as first, house.replica() as second:
        await attached(first)
        await attached(second)
        await house.tell(subscription, *[event("a", number) for number in range(1, 101)])
        await receiver.has(100)
    assert receiver.most_at_once == 1
    assert [one.place[1] for one in receiver.got] == [*range(1, 101)]


async def test_another_goes_on_where_one_is_cut_off(house: House, receiver: Receiver, line: Proxy) -> None:
    subscription = await house.put(receiver.url())
    reached = asyncio.Event()

    async def answer(_request: web.Request, body: bytes) -> web.StreamResponse:
        if len(receiver.got) == 30:
            reached.set()
        return web.Response()

    receiver.answer = answer
    async with house.replica(amqp_url=line.url) as first:
        await attached(first)
        async with house.replica() as second:
            await attached(second)
            flows = [event(flow, number) for number in range(1, 101) for flow in "ab"]
            await house.tell(subscription, *flows)
            await reached.wait()
            line.open = False
            line.cut()
            await receiver.has(200)
            line.open = True
            await attached(first)
    assert by_flow(receiver.got) == {flow: [*range(1, 101)] for flow in "ab"}
    await house.empty(subscription)


async def test_many_in_hand_come_in_order_after_another_strategy_and_two_cuts(
    house: House, receiver: Receiver, line: Proxy
) -> None:
    """Who takes fewer at a time than the one before leaves some that went back, and what he gives back comes behind."""
    receiver.answer = always(503)
    waits = Schedule(backoff_s=(1000, 1000), away_s=(1000, 1000))
    subscription = await house.put(receiver.url(), strategy="EXPONENTIAL_DECAY_RETRY")
    await receiver.stop()
    async with house.replica(schedule=waits) as before:
        await attached(before)
        await house.tell(subscription, *[event("a", number) for number in range(1, 5)])
    await receiver.start()
    await house.put(receiver.url(), strategy="BACKOFF_RETRY")
    async with house.replica(amqp_url=line.url, schedule=waits):
        await receiver.asked(1)
        line.cut()
        await receiver.asked(2)
    receiver.answer = always(200)
    async with house.replica():
        await receiver.has(4)
    assert [one.place[1] for one in receiver.done] == [1, 2, 3, 4]


async def test_a_lost_connection_is_made_again(house: House, receiver: Receiver, line: Proxy) -> None:
    subscription = await house.put(receiver.url())
    async with house.replica(amqp_url=line.url):
        for number in range(1, 4):
            await house.tell(subscription, event("a", number))
            await receiver.has(number)
            line.cut()
    assert by_flow(receiver.got) == {"a": [1, 2, 3]}


async def test_one_that_stops_ends_its_post_and_begins_no_other(house: House, receiver: Receiver) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def answer(_request: web.Request, _body: bytes) -> web.StreamResponse:
        begun.set()
        await go_on.wait()
        return web.Response()

    receiver.answer = answer
    subscription = await house.put(receiver.url())
    async with house.replica() as callbacks:
        await house.tell(subscription, *[event("a", number) for number in (1, 2, 3)])
        await begun.wait()
        stopping = asyncio.create_task(callbacks.stop())
        await asyncio.sleep(0)
        go_on.set()
        await stopping
        assert [one.place[1] for one in receiver.got] == [1]
    receiver.answer = always(200)
    async with house.replica():
        await receiver.has(3)
    assert [one.place[1] for one in receiver.got] == [1, 2, 3]


async def test_one_that_stops_in_a_pause_gives_the_event_back(house: House, receiver: Receiver) -> None:
    receiver.answer = always(500)
    subscription = await house.put(receiver.url(), strategy="BACKOFF_RETRY")
    async with house.replica(schedule=Schedule(backoff_s=(1000, 1000))):
        await house.tell(subscription, event("a", 1), event("a", 2))
        await receiver.asked(1)
    receiver.answer = always(200)
    async with house.replica():
        await receiver.has(2)
    assert [one.place[1] for one in receiver.got] == [1, 1, 2]


async def test_a_post_that_outlasts_the_grace_comes_again(house: House, receiver: Receiver) -> None:
    begun = asyncio.Event()

    async def answer(_request: web.Request, _body: bytes) -> web.StreamResponse:
        begun.set()
        await asyncio.Event().wait()
        return web.Response()

    receiver.answer = answer
    subscription = await house.put(receiver.url())
    async with house.replica(grace_s=0.1):
        await house.tell(subscription, event("a", 1))
        await begun.wait()
    receiver.answer = always(200)
    async with house.replica():
        await receiver.has(1)


async def test_a_subscription_that_cant_be_read_ends_nobody(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, asked = Subscriptions.find, itertools.count()

    async def bad_once(self: Subscriptions, tenant: str, name: str) -> SubscriptionView | None:
        if next(asked) == 0:
            raise ValueError("a document of another version")
        return await find(self, tenant, name)

    monkeypatch.setattr(Subscriptions, "find", bad_once)
    subscription = await house.put(receiver.url())
    async with house.replica():
        await house.tell(subscription, event("a", 1))
        await receiver.has(1)
    assert next(asked) > 1
