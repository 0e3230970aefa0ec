"""Replays across replicas that go, connections that are lost, queues and streams that are deleted."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts import topology
from contracts.subscriptions import SubscriptionView
from services.notifier.replays import replayer
from tests.integration.replays.house import House, of, seen
from tests.proxy import Proxy
from tests.waiting import until

A, B = "a" * 32, "b" * 32


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


async def test_it_goes_on_where_a_replica_left_it(house: House) -> None:
    await house.start()
    mine = await house.subscribed()
    told = house.events(A, 6)
    await house.tell(*told)
    await house.taken(mine, 6)
    await house.stop()

    asked = house.asked(mine, ago(60))
    await house.replays.begin(asked)
    claim = await house.replays.claim()
    assert claim is not None
    await house.replays.save(claim, (await house.offsets(told))[4], 4)
    await house.start("another")

    assert (await house.done(mine, asked.id)).republished_count == 6
    assert seen(await house.taken(mine, 2)) == seen(told[4:])
    assert await house.desk.waiting(mine.queue) == 0
    assert not await house.replays.save(claim, 0, 0), "the one before has no say any more"


async def test_a_lost_connection_costs_repeats_at_most(house: House, line: Proxy) -> None:
    mine = await subscribed_with(house, 600)
    await house.start("there", amqp_url=line.url)
    replay_id = await house.client.rewind("mine", ago(60))

    async def some() -> bool:
        return await house.desk.waiting(mine.queue) > 20

    await until(some, "some of the events")
    line.cut()
    await house.done(mine, replay_id)

    again = await house.taken(mine, await house.desk.waiting(mine.queue))
    assert [len(of(flow_id, again)) for flow_id in (A, B)] == [300, 300]
    for flow_id in (A, B):
        assert of(flow_id, again) == seen(house.events(flow_id, 300))
    assert {event.replay for event in again} == {replay_id}


async def test_deleting_the_subscription_ends_it(house: House) -> None:
    mine = await subscribed_with(house, 4)
    asked = house.asked(mine, ago(60))
    await house.replays.begin(asked)
    assert await house.replays.claim() is not None
    await house.start()
    await house.client.delete_subscription("mine")
    again = await house.subscribed()

    assert (await house.done(mine, asked.id)).republished_count == 0
    assert await house.desk.waiting(again.queue) == 0


async def test_what_is_stopped_says_no_more(house: House) -> None:
    mine = await subscribed_with(house, 4)
    asked = house.asked(mine, ago(60))
    await house.replays.begin(asked)
    claim = await house.replays.claim()
    assert claim is not None
    await house.replays.stop(mine.queue)
    assert await house.replays.hold(claim) is None
    assert not await house.replays.end(claim)
    assert await house.replays.claim() is None


async def test_it_ends_though_its_stream_was_lost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replayer, "IDLE_S", 0.1)
    mine = await subscribed_with(house, 4)
    asked = house.asked(mine, ago(60))
    await house.replays.begin(asked)
    claim = await house.replays.claim()
    assert claim is not None
    await house.replays.save(claim, 1_000_000, 0)
    await house.desk.delete(topology.EVENTS_STREAM.name)
    await house.desk.declare(topology.EVENTS_STREAM)
    kept = house.events("c" * 32, 2)
    await house.tell(*kept)

    await house.start()

    assert (await house.done(mine, asked.id)).republished_count == 2
    assert {event.id for event in await house.taken(mine, 4)} == {event.id for event in kept}


async def test_two_replicas_share_what_there_is(house: House) -> None:
    await house.start("here")
    await house.start("there")
    subscriptions = [await house.subscribed(f"s{number}") for number in range(6)]
    told = house.events(A, 20)
    await house.tell(*told)
    for one in subscriptions:
        await house.taken(one, 20)
    replays = [await house.client.rewind(one.name, ago(60)) for one in subscriptions]
    for one, replay_id in zip(subscriptions, replays, strict=True):
        assert (await house.done(one, replay_id)).republished_count == 20
        assert seen(await house.taken(one, 20)) == seen(told)


async def subscribed_with(house: House, count: int) -> SubscriptionView:
    """A subscription that has had so many events of two flows; no replica runs any more."""
    await house.start()
    mine = await house.subscribed()
    half = count // 2
    pairs = zip(house.events(A, half), house.events(B, half), strict=True)
    await house.tell(*(event for pair in pairs for event in pair))
    await house.taken(mine, count)
    await house.stop()
    return mine
