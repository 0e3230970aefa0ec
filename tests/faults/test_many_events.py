"""Thousands of events past two notifiers that are killed, and a broker that is started again: none lost, in order."""

import asyncio
import random
import time
from contextlib import aclosing
from functools import partial
from uuid import uuid4

from contracts import topology
from contracts.client import VodflowClient
from contracts.subscriptions import SubscriptionPut
from tests.faults.crowd import Tally, count, publish
from tests.faults.notifiers import Notifiers
from tests.waiting import until

SEED = 20261127
KILLS = 10
FLOWS, EVENTS = 100, 100
ALL = FLOWS * EVENTS


async def test_ten_thousand_events_with_random_kills(notifiers: Notifiers) -> None:
    flows = [uuid4().hex for _ in range(FLOWS)]
    tally, begun = Tally(), time.monotonic()
    async with VodflowClient(notifiers.amqp_url, source="test") as client:
        stored = await client.put_subscription(SubscriptionPut(name="crowd"))
        async with aclosing(client.events("crowd", prefetch=200)) as deliveries, asyncio.TaskGroup() as group:
            group.create_task(publish(notifiers.amqp_url, flows, EVENTS))
            group.create_task(attack(notifiers, tally))
            counting = group.create_task(count(deliveries, tally))
            await until(partial(reached, tally, ALL), "every event", 240)
            await until(partial(notifiers.empty, topology.NOTIFIER_EVENTS.name, stored.queue), "empty queues")
            counting.cancel()
        await client.delete_subscription("crowd")
    took_s = time.monotonic() - begun

    lost, reordered = tally.lost(flows, EVENTS), tally.reordered
    print(
        f"{ALL} events, {KILLS} kills, 1 restart of the broker, seed {SEED}, {took_s:.0f} s: lost {lost}, "
        f"repeated with another id {tally.other_ids}, with the same id {tally.repeats}, reordered {reordered}"
    )
    assert (lost, tally.other_ids, reordered) == (0, 0, 0)


async def attack(notifiers: Notifiers, tally: Tally) -> None:
    """Kill one replica or the other, and once stop the broker, each when a random number of events has come."""
    chance = random.Random(SEED)
    moments = sorted(chance.sample(range(100, ALL - 500), KILLS + 1))
    for moment in moments:
        victim = chance.choice(notifiers.replicas)
        await until(partial(reached, tally, moment), f"event {moment}", 120)
        if moment == moments[len(moments) // 2]:
            await notifiers.restart_broker()
        else:
            await notifiers.kill(victim)


async def reached(tally: Tally, moment: int) -> bool:
    """Whether so many different events have come."""
    return tally.distinct >= moment
