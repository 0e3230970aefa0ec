"""RabbitMQ: declares the topology, publishes events with confirms, and feeds queues to handlers.

The one module that knows FastStream. See reference stack-facts section 6 for the traps that it steps around: returned
messages raise, every subscriber has a channel of its own with a bounded prefetch, deliveries are decoded here.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Self

from aio_pika.exceptions import PublishError
from faststream import AckPolicy
from faststream.rabbit import Channel, ExchangeType, RabbitBroker, RabbitExchange, RabbitMessage, RabbitQueue
from faststream.rabbit.schemas.queue import QueueType

from contracts import topology
from contracts.envelope import CONTENT_TYPE, CloudEvent
from contracts.model import Model
from contracts.topology import HeaderBindings, Queue

from .delivery import Handlers, Received, deliver
from .log import logger
from .rabbit import attached, declared, watched
from .raw_delivery import RawHandler, deliver_raw
from .settings import Settings
from .telemetry import Tracer, traceparent

__all__ = ["Bus", "Received"]

_RECONNECT_S = 1.0
_CONFIRM_S = 30.0


async def _whole(message: RabbitMessage) -> Any:
    return message


def _rabbit_queue(queue: Queue) -> RabbitQueue:
    arguments: Any = queue.declare_arguments()
    arguments.pop("x-queue-type")
    kind: Any = QueueType(queue.kind)
    return RabbitQueue(queue.name, queue_type=kind, durable=True, arguments=arguments)


class Bus:
    """A service's connection to RabbitMQ. Subscribe with `on` and `on_broadcast`, then `start`."""

    def __init__(self, service: str, settings: Settings, tracer: Tracer) -> None:
        self.source = f"vodflow/{service}"
        self._tracer = tracer
        self._broker = RabbitBroker(
            watched(settings.amqp_url),
            default_channel=Channel(on_return_raises=True),
            decoder=_whole,
            apply_types=False,
            graceful_timeout=settings.grace_s,
            reconnect_interval=_RECONNECT_S,
            logger=None,
            app_id=service,
        )
        self._exchanges = {
            one.name: RabbitExchange(
                one.name, type=ExchangeType(one.kind), durable=True, arguments=dict(one.arguments) or None
            )
            for one in topology.EXCHANGES
        }
        self._subscribers: list[tuple[Any, Queue | None]] = []
        self._besides: list[Callable[[], bool]] = []

    def on(self, queue: Queue, handlers: Handlers, *, prefetch: int = 10) -> None:
        """Feed a queue's messages to the handlers, by routing key; at most `prefetch` at a time."""

        async def consume(message: RabbitMessage) -> None:
            await deliver(message, handlers, self, self._tracer)

        self._subscribe(_rabbit_queue(queue), prefetch, consume, queue=queue)

    def on_raw(self, queue: Queue, handler: RawHandler, *, prefetch: int = 10) -> None:
        """Feed the bodies of a queue's messages, which are none of ours, to a handler; at most `prefetch` at a time."""

        async def consume(message: RabbitMessage) -> None:
            await deliver_raw(message, handler, queue.name, self._tracer)

        self._subscribe(_rabbit_queue(queue), prefetch, consume, queue=queue)

    def on_besides(self, attached: Callable[[], bool]) -> None:
        """Count a consumer on a connection of its own among those that `consuming` looks at."""
        self._besides.append(attached)

    def on_broadcast(self, key: str, handlers: Handlers) -> None:
        """Feed every message with this key on the work exchange to this process, besides whoever else listens.

        From a queue of its own that goes away a minute after it. The name is ours: a robust connection can't restore
        a queue that the server named.
        """

        async def consume(message: RabbitMessage) -> None:
            await deliver(message, handlers, self, self._tracer)

        queue = RabbitQueue(
            f"{self.source}/{uuid.uuid4().hex}".replace("/", "."),
            routing_key=key,
            durable=True,
            arguments={"x-expires": 60_000, "x-max-length": 1000},
        )
        self._subscribe(queue, 50, consume, exchange=self._exchanges[topology.WORK])

    def _subscribe(
        self,
        source: RabbitQueue,
        prefetch: int,
        consume: Any,
        *,
        exchange: RabbitExchange | None = None,
        queue: Queue | None = None,
    ) -> None:
        subscriber = self._broker.subscriber(
            source, exchange, channel=Channel(prefetch_count=prefetch), ack_policy=AckPolicy.MANUAL, no_reply=True
        )
        subscriber(consume)
        self._subscribers.append((subscriber, queue))

    async def start(self) -> None:
        """Connect, declare every exchange and queue of the system, begin to consume.

        Every service declares all of it, so that none loses a message to another that has not been started yet.
        """
        connection: Any = await self._broker.connect()
        await self._declare_all()
        await self._broker.start()
        for subscriber, queue in self._subscribers:
            for exchange, key in queue.bindings if queue else ():
                await subscriber._queue_obj.bind(exchange, key)  # again, so that aio-pika makes it again with the queue
        connection.reconnect_callbacks.add(self._declare_all)

    async def stop(self) -> None:
        """Let running handlers end, stop consuming, disconnect; also when the broker is gone.

        A robust connection that is not closed goes on reconnecting and swallows its task's cancellation, so it is
        closed whatever becomes of the rest.
        """
        connection = self._broker._connection
        try:
            await self._broker.stop()
        except Exception as error:
            logger().warning("can't take leave of RabbitMQ", error=f"{type(error).__name__}: {error}")
        finally:
            if connection is not None:
                await connection.close()

    async def declare(self, queue: Queue) -> None:
        """Make a queue with its bindings, or find it there."""
        async with self._channel() as channel:
            await declared(channel, queue)

    async def unbind(self, queue: str, bindings: HeaderBindings) -> None:
        """Take bindings away from a queue; no error when they are not there, or the queue is not."""
        async with self._channel() as channel:
            for exchange, arguments in bindings:
                await channel.queue_unbind(queue, exchange, routing_key="", arguments=arguments)

    async def delete_queue(self, name: str) -> None:
        """Remove a queue with all that it holds; no error when there is none."""
        async with self._channel() as channel:
            await channel.queue_delete(name)

    async def _declare_all(self, *_: object) -> None:
        """The whole topology; after each reconnection too, in case the broker came back without it."""
        async with self._channel() as channel:
            for one in topology.EXCHANGES:
                await channel.exchange_declare(
                    one.name, exchange_type=one.kind, durable=True, arguments=dict(one.arguments)
                )
            for queue in topology.QUEUES:
                await declared(channel, queue)

    @asynccontextmanager
    async def _channel(self) -> AsyncIterator[Any]:
        """A channel for the block, below both libraries: FastStream would remember a queue as declared for ever, and
        give it to a subscriber instead of one on its own channel; aio-pika would make a deleted one again."""
        connection: Any = await self._broker.connect()
        channel = await connection.transport.connection.channel()
        try:
            yield channel
        finally:
            if not channel.is_closed:
                await channel.close()

    def consuming(self) -> bool:
        """Whether every consumer is attached right now; a live connection alone says nothing."""
        ours = bool(self._subscribers) and all(attached(subscriber) for subscriber in self._broker.subscribers)
        return ours and all(besides() for besides in self._besides)

    def event(self, key: str, data: Model, **attributes: Any) -> CloudEvent:
        """An event from this service: below the current span, else below the `traceparent` given."""
        attributes["traceparent"] = traceparent() or attributes.get("traceparent")
        return CloudEvent.of(key, data, source=self.source, **attributes)

    async def publish(
        self,
        event: CloudEvent,
        exchange: str,
        *,
        key: str | None = None,
        persist: bool = True,
        mandatory: bool = True,
        reply_to: str | None = None,
        correlation_id: str | None = None,
    ) -> None:
        """Publish with a confirm: when this returns, a queue has it. Raises when none would take it and `mandatory`."""
        await self._put(
            event.to_json(),
            exchange=self._exchanges[exchange] if exchange else None,
            routing_key=event.key if key is None else key,
            content_type=CONTENT_TYPE,
            message_id=event.id,
            persist=persist,
            mandatory=mandatory,
            reply_to=reply_to,
            correlation_id=correlation_id,
        )

    async def _put(self, body: bytes, **options: Any) -> None:
        """Publish, and wait for the confirm so long at most: aiormq's own timeout ends before it."""
        async with asyncio.timeout(_CONFIRM_S):
            await self._broker.publish(body, timestamp=datetime.now(UTC), **options)

    async def answer(self, received: Received, event: CloudEvent) -> bool:
        """Send an answer where the command asked for it; whether somebody is there to get it."""
        if received.reply_to:
            with suppress(PublishError):
                named = {"message_id": event.id, "correlation_id": received.correlation_id}
                to: Any = {"routing_key": received.reply_to, "content_type": CONTENT_TYPE, "mandatory": True}
                await self._put(event.to_json(), **named, **to)
                return True
        return False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
