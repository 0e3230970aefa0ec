"""What becomes of events whose posts fail."""

import asyncio
import json
from collections import defaultdict

import pytest
from aiohttp import web
from prometheus_client import REGISTRY

from services.notifier.callbacks.schedule import Schedule
from tests.integration.callbacks.house import QUICK, House, event
from tests.integration.callbacks.receivers import Answer, Got, Receiver, always
from tests.waiting import until

STRATEGIES = ["BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY"]
strategies = pytest.mark.parametrize("strategy", STRATEGIES)


def poisoned(*places: tuple[str, int]) -> Answer:
    """500 for these events."""

    async def answer(_request: web.Request, body: bytes) -> web.StreamResponse:
        told = json.loads(body)
        return web.Response(status=500 if (told["flowid"], told["sequence"]) in places else 200)

    return answer


def by_flow(got: list[Got]) -> dict[str, list[int]]:
    """The sequences as they came for the first time, by flow."""
    seen: dict[str, list[int]] = defaultdict(list)
    for one in got:
        flow, sequence = one.place
        if sequence not in seen[flow]:
            seen[flow].append(sequence)
    return dict(seen)


@strategies
async def test_a_poisoned_event_ends_and_the_others_pass(strategy: str, house: House, receiver: Receiver) -> None:
    receiver.answer = poisoned(("a", 2))
    subscription = await house.put(receiver.url(), strategy=strategy)
    events = [event(flow, number) for number in range(1, 6) for flow in "abc"]
    async with house.replica():
        await house.tell(subscription, *events)
        (dead,) = await house.dead(subscription)
        await receiver.has(14)
    assert dead.body == event("a", 2).to_json()
    assert dead.headers["x-vodflow-reason"] == "HTTP 500 after 4 tries"
    tried = [one for one in receiver.got if one.place == ("a", 2)]
    assert [one.headers["X-Vodflow-Delivery-Attempt"] for one in tried] == ["1", "2", "3", "4"]
    assert len({one.headers["X-Vodflow-Signature"] for one in tried}) == len(
        {one.headers["X-Vodflow-Timestamp"] for one in tried}
    )
    assert by_flow(receiver.got) == {flow: [1, 2, 3, 4, 5] for flow in "abc"}
    assert len(receiver.done) == 14
    await house.empty(subscription)


async def test_backoff_lets_nothing_overtake(house: House, receiver: Receiver) -> None:
    receiver.answer = poisoned(("a", 2), ("b", 1))
    subscription = await house.put(receiver.url(), strategy="BACKOFF_RETRY")
    events = [event(flow, number) for number in (1, 2, 3) for flow in "ab"]
    async with house.replica():
        await house.tell(subscription, *events)
        await receiver.has(4)
        await house.dead(subscription, 2)
    assert receiver.most_at_once == 1
    b1, a2 = [("b", 1)] * 4, [("a", 2)] * 4
    assert [one.place for one in receiver.got] == [("a", 1), *b1, *a2, ("b", 2), ("a", 3), ("b", 3)]


async def test_decay_posts_others_meanwhile(house: House, receiver: Receiver) -> None:
    """An event that is put aside keeps nobody waiting, and comes back by itself."""
    failures = 0

    async def answer(_request: web.Request, body: bytes) -> web.StreamResponse:
        nonlocal failures
        if json.loads(body)["sequence"] == 1 and failures < 2:
            failures += 1
            return web.Response(status=503)
        return web.Response()

    receiver.answer = answer
    subscription = await house.put(receiver.url())
    async with house.replica():
        await house.tell(subscription, *[event("a", number) for number in range(1, 11)])
        await receiver.has(10)
    assert [one.place[1] for one in receiver.got] == [1, *range(2, 11), 1, 1]


async def test_flows_go_beside_each_other_but_each_in_order(house: House, receiver: Receiver) -> None:
    together = asyncio.Barrier(16)
    flows: dict[str, int] = defaultdict(int)

    async def answer(_request: web.Request, body: bytes) -> web.StreamResponse:
        flow = json.loads(body)["flowid"]
        flows[flow] += 1
        assert flows[flow] == 1
        await together.wait()
        flows[flow] -= 1
        return web.Response()

    receiver.answer = answer
    subscription = await house.put(receiver.url())
    async with house.replica():
        await house.tell(subscription, *[event(f"f{flow}", number) for number in (1, 2) for flow in range(16)])
        await receiver.has(32)
    assert receiver.most_at_once == 16
    assert by_flow(receiver.got) == {f"f{flow}": [1, 2] for flow in range(16)}


async def nobody_there() -> None:
    """Wait until five more posts have found nobody."""

    def aways() -> float:
        return REGISTRY.get_sample_value("vodflow_callback_tries_total", {"result": "away"}) or 0.0

    before = aways()

    async def check() -> bool:
        return aways() >= before + 5

    await until(check, "posts that find nobody")


@strategies
async def test_a_receiver_that_is_down_and_comes_back(strategy: str, house: House, receiver: Receiver) -> None:
    """Every event, in order per flow, though it went in the middle of one."""
    fell = asyncio.Event()

    async def falls(_request: web.Request, body: bytes) -> web.StreamResponse:
        if json.loads(body)["sequence"] == 3:
            fell.set()
            await asyncio.Event().wait()
        return web.Response()

    receiver.answer = falls
    patient = Schedule(backoff_tries=1000, backoff_s=(0.05, 0.06), away_s=(0.05,), broken_s=0.05)
    subscription = await house.put(receiver.url(), strategy=strategy)
    async with house.replica(schedule=patient):
        await house.tell(subscription, *[event("a", number) for number in range(1, 11)])
        await fell.wait()
        await receiver.stop()
        await house.tell(subscription, *[event(flow, number) for flow in "bc" for number in range(1, 101)])
        await nobody_there()
        receiver.answer = always(200)
        await receiver.start()
        await receiver.has(210)
    assert by_flow(receiver.done) == {"a": [*range(1, 11)], "b": [*range(1, 101)], "c": [*range(1, 101)]}
    await house.empty(subscription)


async def test_an_event_whose_post_breaks_the_connection_keeps_nobody_waiting(house: House, receiver: Receiver) -> None:
    async def answer(request: web.Request, body: bytes) -> web.StreamResponse:
        if json.loads(body)["sequence"] == 1:
            assert request.transport is not None
            request.transport.abort()
        return web.Response()

    receiver.answer = answer
    subscription = await house.put(receiver.url())
    async with house.replica():
        await house.tell(subscription, *[event("a", number) for number in (1, 2, 3)])
        (dead,) = await house.dead(subscription)
    assert dead.body == event("a", 1).to_json()
    assert "broke" in str(dead.headers["x-vodflow-reason"])
    assert [one.place[1] for one in receiver.got if one.place[1] > 1] == [2, 3]


async def test_retention_ends_it(house: House, receiver: Receiver) -> None:
    """The next try would be after the end: it is not waited for."""
    receiver.answer = always(500)
    subscription = await house.put(receiver.url(), retention_s=60)
    async with house.replica(schedule=Schedule(decay_s=(1, 64))):
        await house.tell(subscription, event("a", 1))
        (dead,) = await house.dead(subscription)
    assert dead.headers["x-vodflow-reason"] == "HTTP 500 after 2 tries, at the end of its retention"


async def test_what_is_no_event_is_a_dead_letter(house: House, receiver: Receiver) -> None:
    subscription = await house.put(receiver.url())
    async with house.replica():
        await house.tell(subscription, b"\xff\x00", b'{"specversion": "1.0"}', event("a", 1))
        await receiver.has(1)
        dead = await house.dead(subscription, 2)
    assert {one.body for one in dead} == {b"\xff\x00", b'{"specversion": "1.0"}'}
    assert all("no CloudEvent" in str(one.headers["x-vodflow-reason"]) for one in dead)


async def test_a_dead_letter_that_is_put_back_starts_anew(house: House, receiver: Receiver) -> None:
    receiver.answer = always(500)
    subscription = await house.put(receiver.url(), strategy="BACKOFF_RETRY")
    async with house.replica(schedule=QUICK):
        await house.tell(subscription, event("a", 1))
        (dead,) = await house.dead(subscription)
        receiver.answer = always(200)
        await house.tell(subscription, dead.body)
        await receiver.has(1)
    assert receiver.done[0].headers["X-Vodflow-Delivery-Attempt"] == "1"


async def test_a_dead_letter_finds_its_queue_though_somebody_removed_it(house: House, receiver: Receiver) -> None:
    receiver.answer = always(500)
    subscription = await house.put(receiver.url(), strategy="BACKOFF_RETRY")
    await house.channel.queue_delete(subscription.dead_queue)
    async with house.replica():
        await house.tell(subscription, event("a", 1))
        await receiver.asked(4)
    assert await house.dead(subscription)


async def test_what_comes_back_to_a_subscription_that_is_gone_holds_nobody_up(house: House, receiver: Receiver) -> None:
    """RabbitMQ would keep what it can't route, and with it all that wait behind it."""
    receiver.answer = always(500)
    gone = await house.put(receiver.url(), "gone")
    stays = await house.put(receiver.url("/stays"), "stays")
    async with house.replica(schedule=Schedule(decay_s=(2,))):
        await house.tell(gone, *[event(f"f{number}", 1) for number in range(50)])
        await receiver.asked(50)
        await house.delete(gone)
        await house.tell(stays, event("a", 1))
        (dead,) = await house.dead(stays)
    assert dead.body == event("a", 1).to_json()
