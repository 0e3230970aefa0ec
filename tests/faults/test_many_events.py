"""Thousands of events past two notifiers that are killed, and a broker that is started again: none lost, in order."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import aio_pika
import pytest

from contracts import topology
from contracts.client import VodflowClient
from contracts.subscriptions import SubscriptionPut
from deploy.local.services import Service
from shared.settings import Settings
from shared.store import Document, Store
from tests.faults.crowd import Tally, count, publish
from tests.faults.house import SETTINGS
from tests.running import RunningStack
from tests.waiting import until

SEED = 20261127
KILLS = 10
FLOWS, EVENTS = 100, 100
ALL = FLOWS * EVENTS
REWOUND = 150


@pytest.fixture(scope="module")
def notifiers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Two notifiers on servers of their own."""
    with RunningStack(tmp_path_factory.mktemp("notifiers"), {"notifier": 2}, SETTINGS) as running:
        yield running


@pytest.fixture
async def client(notifiers: RunningStack) -> AsyncIterator[VodflowClient]:
    async with VodflowClient(notifiers.environment.amqp_url, source="test") as client:
        yield client


async def killed(notifiers: RunningStack, service: Service) -> None:
    """SIGKILL, and another one in its place, which is waited for."""
    await asyncio.wrap_future(notifiers.call(service.kill()))
    await asyncio.wrap_future(notifiers.call(service.start()))


async def restarted(notifiers: RunningStack) -> None:
    """The broker stopped in good order, and started."""
    rabbitmq = notifiers.stack.rabbitmq
    assert rabbitmq is not None
    await asyncio.wrap_future(notifiers.call(rabbitmq.stop()))
    await asyncio.wrap_future(notifiers.call(rabbitmq.start()))


async def waiting(notifiers: RunningStack, *queues: str) -> int:
    """How many messages wait in these queues."""
    async with await aio_pika.connect(notifiers.environment.amqp_url) as connection:
        channel = await connection.channel()
        declared = [await channel.declare_queue(queue, passive=True) for queue in queues]
    return sum(one.declaration_result.message_count or 0 for one in declared)


async def attack(notifiers: RunningStack, tally: Tally) -> None:
    """Kill one replica or the other, and once stop the broker, each when a random number of events has come."""
    chance = random.Random(SEED)
    moments = sorted(chance.sample(range(100, ALL - 500), KILLS + 1))
    restart = moments[len(moments) // 2]
    for moment in moments:
        victim = chance.choice(notifiers.stack.services.of("notifier"))
        await until(partial(_reached, tally, moment), f"event {moment}", 120)
        if moment == restart:
            await restarted(notifiers)
        else:
            await killed(notifiers, victim)


async def _reached(tally: Tally, moment: int) -> bool:
    return tally.distinct >= moment


async def test_ten_thousand_events_with_random_kills(notifiers: RunningStack, client: VodflowClient) -> None:
    stored = await client.put_subscription(SubscriptionPut(name="crowd"))
    flows = [uuid4().hex for _ in range(FLOWS)]
    tally, begun = Tally(), time.monotonic()
    async with aclosing(client.events("crowd", prefetch=200)) as deliveries, asyncio.TaskGroup() as group:
        group.create_task(publish(notifiers.environment.amqp_url, flows, EVENTS))
        group.create_task(attack(notifiers, tally))
        counting = group.create_task(count(deliveries, tally, lambda: False))
        await until(lambda: _reached(tally, ALL), "every event", 240)
        await until(lambda: _nothing(notifiers, topology.NOTIFIER_EVENTS.name, stored.queue), "empty queues")
        counting.cancel()
    took_s = time.monotonic() - begun

    lost, reordered = tally.lost(flows, EVENTS), tally.reordered
    print(
        f"{ALL} events, {KILLS} kills, 1 restart of the broker, seed {SEED}, {took_s:.0f} s: lost {lost}, "
        f"repeated with another id {tally.other_ids}, with the same id {tally.repeats}, reordered {reordered}"
    )
    assert (lost, tally.other_ids, reordered) == (0, 0, 0)


async def _nothing(notifiers: RunningStack, *queues: str) -> bool:
    return await waiting(notifiers, *queues) == 0


async def test_a_notifier_killed_in_the_middle_of_a_rewind(notifiers: RunningStack, client: VodflowClient) -> None:
    await client.put_subscription(SubscriptionPut(name="rewound", rewind_s=3600))
    flows = [uuid4().hex for _ in range(20)]
    since = datetime.now(UTC)
    await publish(notifiers.environment.amqp_url, flows, REWOUND)
    live = await tallied(client, Tally(), len(flows) * REWOUND)
    assert live.lost(flows, REWOUND) == 0

    replay_id = await client.rewind("rewound", since)
    store = Store.connect(Settings(mongo_driver="pymongo", mongo_url=notifiers.environment.mongo_url))
    replays = store.collection("replays")

    async def under_way() -> Document | None:
        return await replays.find_one({"_id": replay_id, "state": "running", "count": {"$gt": 0}})

    found = await until(under_way, "the rewind to be under way")
    pid = int(found["owner"].rsplit(":", 1)[-1])
    victim = next(one for one in notifiers.stack.services.of("notifier") if one.pid == pid)
    await killed(notifiers, victim)
    ended = await until(lambda: replays.find_one({"_id": replay_id, "state": "done"}), "the rewind to end")
    await store.close()

    again = await replayed(client, replay_id)
    assert ended["claims"] > 1, "it was killed too late to matter"
    assert (again.lost(flows, REWOUND), again.other_ids, again.reordered) == (0, 0, 0)
    assert again.ids == live.ids


async def tallied(client: VodflowClient, tally: Tally, distinct: int) -> Tally:
    """So many different events, confirmed."""
    async with asyncio.timeout(120), aclosing(client.events("rewound", prefetch=200)) as deliveries:
        await count(deliveries, tally, lambda: tally.distinct == distinct)
    return tally


async def replayed(client: VodflowClient, replay_id: str) -> Tally:
    """All that came by a replay that has ended; repeats of live ones are left out."""
    tally = Tally()
    async for delivery in client.events("rewound", follow=False):
        await delivery.confirm()
        if delivery.event.replay is not None:
            assert delivery.event.replay == replay_id
            tally.see(delivery.event)
    return tally
