"""Another system beside ours: publishes raw messages, reads queues, gets answers. Plain aio-pika, none of our bus."""

from typing import Any
from uuid import uuid4

from aio_pika import DeliveryMode, ExchangeType, Message
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage, AbstractQueue

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.topology import Queue
from tests.waiting import until


class Desk:
    """The system's exchanges and queues as others see them; `queue` makes queues that go away with the test."""

    def __init__(self, connection: AbstractConnection, channel: AbstractChannel) -> None:
        self._connection = connection
        self._channel = channel
        self._made: list[str] = []
        self._answers: AbstractQueue | None = None

    async def start(self) -> None:
        """Declare the topology as every service does, and empty it."""
        for one in topology.EXCHANGES:
            await self._channel.declare_exchange(
                one.name, ExchangeType(one.kind), durable=True, arguments=dict(one.arguments) or None
            )
        for queue in topology.QUEUES:
            await self.declare(queue)
        await self.clear()
        self._answers = await self._channel.declare_queue(exclusive=True)

    async def clear(self) -> None:
        """Remove every message from the system's queues, and the test's own queues."""
        for queue in topology.QUEUES:
            if queue.kind != "stream":
                await (await self._channel.get_queue(queue.name, ensure=False)).purge()
        for name in self._made:
            await self._channel.queue_delete(name)
        self._made.clear()

    async def declare(self, queue: Queue) -> AbstractQueue:
        """Make a queue with its bindings."""
        arguments: Any = queue.declare_arguments()
        declared = await self._channel.declare_queue(queue.name, durable=True, arguments=arguments)
        for exchange, key in queue.bindings:
            await declared.bind(exchange, key)
        for exchange, headers in queue.headers:
            wanted: Any = headers
            await declared.bind(exchange, "", arguments=wanted)
        return declared

    async def queue(self, *bindings: tuple[str, str], kind: type[Queue] = Queue) -> Queue:
        """A queue of the test's own, as services declare theirs."""
        made = kind(name=f"test.{uuid4().hex[:12]}", bindings=bindings)
        await self.declare(made)
        self._made.append(made.name)
        return made

    async def publish(
        self, body: bytes | CloudEvent, exchange: str, key: str, *, reply: bool = False, correlation_id: str = "c-1"
    ) -> None:
        """Publish; returns when a queue has it, raises when none takes it. `exchange` "" is the default one."""
        message = Message(
            body if isinstance(body, bytes) else body.to_json(),
            delivery_mode=DeliveryMode.PERSISTENT,
            message_id=None if isinstance(body, bytes) else body.id,
            correlation_id=correlation_id,
            reply_to=self._answers.name if reply and self._answers else None,
        )
        to = await self._channel.get_exchange(exchange, ensure=False) if exchange else self._channel.default_exchange
        await to.publish(message, key)

    async def answer(self) -> tuple[CloudEvent, str | None]:
        """The next answer and its correlation id."""
        assert self._answers is not None
        message = await self._next(self._answers, "an answer")
        return CloudEvent.model_validate_json(message.body), message.correlation_id

    async def take(self, queue: Queue | str) -> AbstractIncomingMessage:
        """The next message out of a queue."""
        name = queue if isinstance(queue, str) else queue.name
        return await self._next(await self._channel.get_queue(name, ensure=False), f"a message in {name}")

    async def event(self, queue: Queue | str) -> CloudEvent:
        """The next event out of a queue."""
        return CloudEvent.model_validate_json((await self.take(queue)).body)

    async def waiting(self, queue: Queue | str) -> int:
        """How many messages wait in a queue."""
        name = queue if isinstance(queue, str) else queue.name
        declared = await self._channel.declare_queue(name, passive=True)
        return declared.declaration_result.message_count or 0

    async def exists(self, name: str) -> bool:
        """Whether there is such a queue."""
        from aio_pika.exceptions import ChannelNotFoundEntity

        async with self._connection.channel() as channel:
            try:
                await channel.declare_queue(name, passive=True)
            except ChannelNotFoundEntity:
                return False
        return True

    async def delete(self, name: str) -> None:
        """Remove a queue, as an operator might."""
        await self._channel.queue_delete(name)

    async def _next(self, queue: AbstractQueue, what: str) -> AbstractIncomingMessage:
        async def get() -> AbstractIncomingMessage | None:
            return await queue.get(no_ack=True, fail=False)

        return await until(get, what)
