"""What a large backlog costs the notifier: it stays at the broker, whoever receives."""

import os

import aio_pika
import psutil

from contracts.client import VodflowClient
from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionPut
from deploy.local.stack import Stack
from tests.bench.figure import Figure
from tests.bench.sources import Sources
from tests.bench.starts import Starts

RETAINED = 100_000
AT_ONCE = 1000
RECEIVED = 4000
BODY_BYTES = 2000


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """Resident memory of the notifier with 100,000 events of 2 KB in a queue, some of them received and deleted."""
    (notifier,) = stack.services.of("notifier")
    assert notifier.pid is not None
    process = psutil.Process(notifier.pid)
    async with VodflowClient(stack.environment.amqp_url) as client:
        subscription = await client.put_subscription(SubscriptionPut(name="retained", patterns=["workflow.failed.v1"]))
        await client.receive(subscription.name)
        before = process.memory_info().rss
        await _fill(stack.environment.amqp_url, subscription.queue)
        waiting = (await client.describe_queue(subscription.name)).active_count
        filled = process.memory_info().rss
        most = filled
        for _ in range(RECEIVED // 16):
            messages = await client.receive(subscription.name, count=16)
            deleted = await client.delete_received(subscription.name, [one.handle for one in messages])
            assert (len(messages), deleted.code) == (16, "0")
            most = max(most, process.memory_info().rss)
        await client.delete_subscription(subscription.name)
    detail = f"{waiting} waited; {(filled - before) / 1e6:.3g} MB once filled, then {RECEIVED} received and deleted"
    return [Figure("notifier with 100,000 retained, more memory (RSS)", (most - before) / 1e6, "MB", 50, detail)]


async def _fill(amqp_url: str, queue: str) -> None:
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=False)
        async with channel.transaction() as transaction:
            for number in range(RETAINED):
                message = aio_pika.Message(_event(number), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                await channel.default_exchange.publish(message, queue)
                if number % AT_ONCE == AT_ONCE - 1:
                    await transaction.commit()
                    await transaction.select()


def _event(number: int) -> bytes:
    data = {"text": os.urandom(BODY_BYTES // 2).hex()}
    return CloudEvent(id=f"r{number}", source="bench", type="vodflow.flow.progressed.v1", data=data).to_json()
