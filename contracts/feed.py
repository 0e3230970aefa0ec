"""The messages of one queue as they come, until the channel or the consumer is gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aio_pika.abc import AbstractIncomingMessage, AbstractQueue


class Feed:
    """What has come and was not taken yet."""

    def __init__(self) -> None:
        self._items: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()

    async def next(self, within_s: float | None = None) -> AbstractIncomingMessage:
        """The next message. Raises TimeoutError after `within_s` seconds, ConnectionError when no more can come."""
        async with asyncio.timeout(within_s):
            return self._alive(await self._items.get())

    def waiting(self) -> AbstractIncomingMessage | None:
        """The next message if it is here already."""
        return None if self._items.empty() else self._alive(self._items.get_nowait())

    async def put(self, message: AbstractIncomingMessage) -> None:
        """A message has come."""
        self._items.put_nowait(message)

    async def end(self, *_: object) -> None:
        """No more can come."""
        self._items.put_nowait(None)

    def _alive(self, item: AbstractIncomingMessage | None) -> AbstractIncomingMessage:
        if item is None:
            self._items.put_nowait(None)
            raise ConnectionError("the broker ended the consumer or its channel")
        return item


@asynccontextmanager
async def feed(
    queue: AbstractQueue, *, no_ack: bool = False, arguments: dict[str, Any] | None = None
) -> AsyncIterator[Feed]:
    """Consume `queue` on its channel, which the caller closes."""
    messages = Feed()
    channel = queue.channel
    (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(messages.end)
    channel.close_callbacks.add(messages.end)
    await queue.consume(messages.put, no_ack=no_ack, arguments=arguments)
    yield messages
