"""Notifiers alone on real servers: replicas, a client, and a look into the documents behind the leases."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from contracts import topology
from contracts.client import VodflowClient
from contracts.envelope import CloudEvent
from contracts.subscriber_queues import ReceivedMessage
from contracts.subscriptions import SubscriptionPut, SubscriptionView
from services.notifier.app import build
from shared import telemetry
from shared.bus import Bus
from shared.parts import Parts
from shared.service import App
from shared.settings import Settings
from shared.storage import Storage
from shared.store import Collection, Store
from tests.waiting import until

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def replica(settings: Settings) -> AsyncIterator[App]:
    """One process's worth of notifier."""
    tracer = telemetry.start("test", settings)
    store, bus = Store.connect(settings), Bus("notifier", settings, tracer)
    app = build(Parts(settings, bus, store, Storage(settings), tracer))
    await app.prepare()
    await bus.start()
    serving = asyncio.create_task(app.serve())
    try:
        yield app
    finally:
        await app.stop()
        await bus.stop()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await store.close()


def told(number: int, **attributes: Any) -> CloudEvent:
    """A public event of a flow."""
    members = {"id": f"e{number}", "source": "test", "type": "vodflow.flow.progressed.v1", "sequence": number}
    return CloudEvent.model_validate({**members, "flowid": "f", **attributes})


def numbers(messages: Sequence[ReceivedMessage]) -> list[int]:
    """The events' sequences."""
    return [int(message.event["sequence"]) for message in messages]


class House:
    """Replicas of the notifier and subscriptions of a tenant of the test's own."""

    def __init__(self, settings: Settings, channel: AbstractChannel, client: VodflowClient, store: Store) -> None:
        self.settings = settings
        self.client = client
        self.tenant = client._tenant
        self._channel = channel
        self._store = store
        self._replicas: list[AsyncExitStack] = []
        self._made: set[str] = set()

    async def start(self, replicas: int = 1) -> None:
        """Start so many more."""
        for _ in range(replicas):
            stack = AsyncExitStack()
            await stack.enter_async_context(replica(self.settings))
            self._replicas.append(stack)

    async def stop(self) -> None:
        """Stop all."""
        while self._replicas:
            await self._replicas.pop().aclose()

    async def clear(self) -> None:
        """Remove the queues that subscriptions made."""
        for queue in (topology.NOTIFIER_COMMANDS, topology.NOTIFIER_RECEIVES):
            await (await self._channel.get_queue(queue.name, ensure=False)).purge()
        for name in self._made:
            await self._channel.queue_delete(name)

    @property
    def deliveries(self) -> Collection:
        """The documents of messages that were taken from the broker."""
        return self._store.collection("deliveries")

    async def put(self, name: str = "mine", **members: Any) -> SubscriptionView:
        """A subscription that no event of other tests reaches."""
        asked = {"name": name, "patterns": ["workflow.failed.v1"], **members}
        made = await self.client.put_subscription(SubscriptionPut.model_validate(asked))
        self._made |= set(filter(None, (made.queue, made.dead_queue)))
        return made

    async def publish(self, queue: str, *events: CloudEvent | bytes, **properties: Any) -> None:
        """Put events into a queue, as the notifier does."""
        for event in events:
            body, id_ = (event, None) if isinstance(event, bytes) else (event.to_json(), event.id)
            message = Message(body, delivery_mode=DeliveryMode.PERSISTENT, message_id=id_, **properties)
            await self._channel.default_exchange.publish(message, queue)

    async def command(self, key: str, data: dict[str, Any], *, reply_to: str, id_: str | None = None) -> None:
        """Publish a command by hand."""
        event = CloudEvent(type=f"vodflow.{key}", source="test", id=id_ or uuid4().hex, tenant=self.tenant, data=data)
        message = Message(event.to_json(), delivery_mode=DeliveryMode.PERSISTENT, reply_to=reply_to)
        exchange = await self._channel.get_exchange(topology.COMMANDS, ensure=False)
        await exchange.publish(message, key)

    async def asked(self, key: str, data: dict[str, Any], id_: str) -> dict[str, Any]:
        """The same; the data of its answer."""
        answers = await self._channel.declare_queue(exclusive=True)
        await self.command(key, data, reply_to=answers.name, id_=id_)
        body = await until(lambda: answers.get(fail=False, no_ack=True), f"an answer to {key}")
        return CloudEvent.model_validate_json(body.body).data

    async def expire(self) -> None:
        """End every lease now."""
        held = {"visible_at": {"$lt": datetime(9000, 1, 1, tzinfo=UTC)}}
        await self.deliveries.update_many(held, {"$set": {"visible_at": LONG_AGO}})

    async def ready(self, queue: str, count: int) -> None:
        """Wait until so many messages are ready at the broker."""

        async def there() -> bool:
            declared = await self._channel.declare_queue(queue, passive=True)
            return declared.declaration_result.message_count == count

        await until(there, f"{count} messages in {queue}")

    async def consumers(self, queue: str, count: int) -> None:
        """Wait until so many consume a queue."""

        async def there() -> bool:
            declared = await self._channel.declare_queue(queue, passive=True)
            return declared.declaration_result.consumer_count == count

        await until(there, f"{count} consumers of {queue}")

    async def nack(self, queue: str) -> None:
        """Take a message as a native consumer does, and give it back."""
        there = await self._channel.get_queue(queue, ensure=False)
        message = await until(lambda: there.get(fail=False), f"a message in {queue}")
        await message.nack(requeue=True)

    @asynccontextmanager
    async def native_consumer(self, queue: str) -> AsyncIterator[None]:
        """Somebody who consumes a queue that is empty."""

        async def take(message: AbstractIncomingMessage) -> None:
            await message.nack(requeue=True)

        there = await self._channel.get_queue(queue, ensure=False)
        tag = await there.consume(take)
        yield
        await there.cancel(tag)

    async def delete_queue(self, name: str) -> None:
        """Remove a queue behind the notifier's back."""
        await self._channel.queue_delete(name)

    async def bodies(self, queue: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Take all that is ready in a queue: (event, headers), but for the broker's own count."""
        taken = []
        there = await self._channel.get_queue(queue, ensure=False)
        while message := await there.get(fail=False, no_ack=True):
            headers = {name: value for name, value in message.headers.items() if name != "x-delivery-count"}
            taken.append((CloudEvent.model_validate_json(message.body).model_dump(exclude_none=True), headers))
        return taken
