"""How soon an event is with its consumer, how many a notifier republishes, and what a thousand subscriptions cost.

Measured from the planner's own store and relay, run in this process with a database of their own: an event is
committed with its flow's outbox, then published by `Relay.send`. The notifier and RabbitMQ are the stack's.
"""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import aio_pika

from contracts import topology
from contracts.client import VodflowClient
from contracts.envelope import CloudEvent, event_id
from contracts.flows import FlowAccepted, FlowProgressed, FlowState, Input, Notify, Output
from contracts.subscriptions import SubscriptionPut, SubscriptionView
from deploy.local.stack import Stack
from services.notifier.queues import name_of
from services.planner.flow import Flow, new_flow
from services.planner.outgoing import Outgoing
from services.planner.relay import Relay
from services.planner.store import Flows
from shared import telemetry
from shared.bus import Bus
from shared.settings import Settings
from shared.store import Store
from tests.bench.figure import Figure, percentile, spread
from tests.bench.sources import Sources
from tests.bench.starts import Starts

TENANT = "bench"
FLOWS = 20
PER_S = 100
FOR_S = 20.0
BURST = 4000
FAN = 10
FAN_BURST = 400
ROUNDS = 7
MANY = 1000


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """Latency at 100 events/s; events/s out of a backlog; ten matching subscriptions alone and among a thousand."""
    amqp_url = stack.environment.amqp_url
    store = Store.connect(Settings(mongo_url=stack.environment.mongo_url))
    try:
        async with VodflowClient(amqp_url, tenant=TENANT) as client:
            delays = await _delays(stack, client)
            (one,) = await _subscribed(client, 1)
            rates = [await _rate(stack, BURST, [one]) for _ in range(3)]
            await client.delete_subscription(one.name)
            ten = await _subscribed(client, FAN)
            few, many = await _alternating(stack, store, ten)
            for subscription in ten:
                await client.delete_subscription(subscription.name)
    finally:
        await store.close()
    ratio = statistics.median(few) / statistics.median(many)
    rate = statistics.median(rates)
    return [
        Figure(f"commit to consumer at {PER_S} events/s, p50", percentile(delays, 50), "ms", 25, spread(delays)),
        Figure(f"commit to consumer at {PER_S} events/s, p99", percentile(delays, 99), "ms", 100),
        Figure("1 event republished by one notifier", 1000 / rate, "ms", 2.5, f"events/s: {spread(rates)}"),
        Figure(
            f"{MANY} subscriptions to {FAN}, {FAN} matching",
            ratio,
            "times the time",
            1.3,
            f"events/s: {statistics.median(few):.0f} and {statistics.median(many):.0f}",
        ),
    ]


def event(flow_id: str, number: int) -> CloudEvent:
    """An event of a flow."""
    return CloudEvent.of(
        "flow.progressed.v1",
        FlowProgressed(flow_id=flow_id, notify=Notify(mode="change"), progress_percent=0, subtasks=[]),
        source="bench",
        id=event_id(flow_id, number),
        tenant=TENANT,
        flowid=flow_id,
        sequence=number,
    )


async def _subscribed(client: VodflowClient, count: int) -> list[SubscriptionView]:
    wanted = ["flow.#", "*.progressed.v1"]
    puts = [SubscriptionPut(name=f"wanted-{uuid4().hex[:8]}", patterns=wanted) for _ in range(count)]
    return [await client.put_subscription(put) for put in puts]


async def _delays(stack: Stack, client: VodflowClient) -> list[float]:
    """Milliseconds from each commit to its consumer."""
    (subscription,) = await _subscribed(client, 1)
    committed: dict[str, float] = {}
    arrived: dict[str, float] = {}
    wanted = int(PER_S * FOR_S)

    async def consume() -> None:
        async with aclosing(client.events(subscription.name)) as deliveries:
            async for delivery in deliveries:
                arrived.setdefault(delivery.event.id, time.perf_counter())
                await delivery.confirm()
                if len(arrived) == wanted:
                    return

    async with _planner(stack) as (flows, relay), asyncio.TaskGroup() as group:
        group.create_task(consume())
        begin = time.perf_counter() + 1
        for number in range(FLOWS):
            group.create_task(_tell(flows, relay, begin + number / PER_S, wanted // FLOWS, committed))
    await client.delete_subscription(subscription.name)
    return [(moment - committed[id_]) * 1000 for id_, moment in arrived.items()]


async def _tell(flows: Flows, relay: Relay, begin: float, count: int, committed: dict[str, float]) -> None:
    """One flow's events at even distances."""
    flow = _flow()
    await flows.add(flow)
    for number in range(count):
        await asyncio.sleep(begin + number * FLOWS / PER_S - time.perf_counter())
        told = event(flow.flow_id, number + 1)
        await flows.save(flow, number + 1, [Outgoing(exchange=topology.EVENTS, event=told)], None)
        committed[told.id] = time.perf_counter()
        await relay.send(flow.flow_id)


def _flow() -> Flow:
    accepted = FlowAccepted(
        flow_id=uuid4().hex,
        input=Input(url="file:///in.mp4"),
        output=Output(storage="file:///out/"),
        subtasks=[],
        accepted_at=datetime.now(UTC),
    )
    return new_flow(accepted, TENANT, None, 0.0).model_copy(update={"state": FlowState.PROCESSING})


@asynccontextmanager
async def _planner(stack: Stack) -> AsyncIterator[tuple[Flows, Relay]]:
    """The planner's store, in a database of its own, and its relay."""
    url = stack.environment.mongo_url.replace("/vodflow?", "/bench?")
    settings = Settings(amqp_url=stack.environment.amqp_url, mongo_url=url)
    store = Store.connect(settings)
    flows = Flows(store, "bench", 30.0)
    await flows.prepare()
    async with Bus("bench", settings, telemetry.start("bench", settings)) as bus:
        yield flows, Relay(flows, bus)
    await store.drop()
    await store.close()


async def _rate(stack: Stack, count: int, subscriptions: Sequence[SubscriptionView]) -> float:
    """Events per second that a notifier republishes out of a backlog.

    It is stopped while the backlog is made, which it must not be for two heartbeats.
    """
    pid = stack.services.of("notifier")[0].pid
    assert pid is not None
    async with await aio_pika.connect(stack.environment.amqp_url) as connection:
        channel = await connection.channel()
        await _filled(channel, subscriptions, 0)
        os.kill(pid, signal.SIGSTOP)
        await _publish(channel, count)
        os.kill(pid, signal.SIGCONT)
        begin = time.perf_counter()
        await _filled(channel, subscriptions, count)
        took_s = time.perf_counter() - begin
        for subscription in subscriptions:
            await (await channel.get_queue(subscription.queue, ensure=False)).purge()
    return count / took_s


async def _publish(channel: aio_pika.abc.AbstractChannel, count: int) -> None:
    """Events of many flows, taken turns; confirmed by the hundred."""
    exchange = await channel.get_exchange(topology.EVENTS, ensure=False)
    flow_ids = [uuid4().hex for _ in range(FLOWS)]
    for first in range(0, count, 100):
        async with asyncio.TaskGroup() as group:
            for number in range(first, min(first + 100, count)):
                told = event(flow_ids[number % FLOWS], number // FLOWS + 1)
                message = aio_pika.Message(told.to_json(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                group.create_task(exchange.publish(message, told.key))


async def _filled(channel: aio_pika.abc.AbstractChannel, subscriptions: Sequence[SubscriptionView], count: int) -> None:
    """Wait until so many events are in every queue."""
    for subscription in subscriptions:
        while True:
            queue = await channel.declare_queue(subscription.queue, passive=True)
            if (queue.declaration_result.message_count or 0) >= count:
                break
            await asyncio.sleep(0.01)


async def _alternating(stack: Stack, store: Store, ten: Sequence[SubscriptionView]) -> tuple[list[float], list[float]]:
    """Events per second with these subscriptions alone, and among a thousand that get nothing."""
    collection, revisions = store.collection("subscriptions"), store.collection("subscription_revisions")
    few, many = [], []
    for _ in range(ROUNDS):
        few.append(await _rate(stack, FAN_BURST, ten))
        await collection.insert_many([_unwanted(number) for number in range(MANY - FAN)])
        await revisions.update_one({"_id": "all"}, {"$inc": {"revision": 1}})
        await _rate(stack, 1, ten)
        many.append(await _rate(stack, FAN_BURST, ten))
        await collection.delete_many({"unwanted": True})
        await revisions.update_one({"_id": "all"}, {"$inc": {"revision": 1}})
        await _rate(stack, 1, ten)
    return few, many


def _unwanted(number: int) -> dict[str, object]:
    """A subscription as it is stored whose patterns match no event that is told here."""
    asked = SubscriptionPut(
        name=f"unwanted-{number}", patterns=["subtask.#", "*.finished.*", "edit.*.v1", "#.failed.v1"]
    )
    return asked.model_dump(mode="json") | {
        "_id": f"{TENANT}/{asked.name}",
        "tenant": TENANT,
        "queue": name_of(TENANT, asked),
        "dead_queue": "",
        "created_at": datetime.now(UTC),
        "unwanted": True,
    }
