"""Publishes many events to one queue: flows side by side, the events of a flow each after the one before it is safe."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractExchange

from contracts.connection import Link, close
from contracts.envelope import CONTENT_TYPE, CloudEvent

CONFIRM_S = 30.0


class Pipe:
    """A channel with confirms."""

    def __init__(self, exchange: AbstractExchange) -> None:
        self._exchange = exchange

    async def send(self, events: Iterable[CloudEvent], queue: str, *, expires_s: float) -> None:
        """Return when the queue has them all. Raises one of `LOST`, or TimeoutError, in a group; any may be there then.

        What failed was the first of its flow that is not there: what is sent again from there on keeps its order.
        """
        flows: dict[str | None, list[CloudEvent]] = {}
        for event in events:
            flows.setdefault(event.flowid, []).append(event)
        async with asyncio.timeout(CONFIRM_S), asyncio.TaskGroup() as group:
            for flow in flows.values():
                group.create_task(self._chain(flow, queue, expires_s))

    async def _chain(self, events: list[CloudEvent], queue: str, expires_s: float) -> None:
        for event in events:
            message = Message(
                event.to_json(),
                content_type=CONTENT_TYPE,
                message_id=event.id,
                timestamp=datetime.now(UTC),
                expiration=expires_s,
                delivery_mode=DeliveryMode.PERSISTENT,
            )
            await self._exchange.publish(message, queue, mandatory=True)


@asynccontextmanager
async def pipe(link: Link) -> AsyncIterator[Pipe]:
    """A pipe on a channel of its own; a queue that is gone raises."""
    channel = await link.open_channel(on_return_raises=True)
    try:
        yield Pipe(channel.default_exchange)
    finally:
        await close(channel)
