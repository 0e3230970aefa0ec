"""A connection to the broker that is made when it is needed, and again after it was lost.

Not aio-pika's robust connection: it restores a channel silently, but here a lost channel must be noticed, because
the question has to be asked again and the state described again. See its docs on RobustConnection.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Self

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import (
    AMQPError,
    AuthenticationError,
    ChannelInvalidStateError,
    IncompatibleProtocolError,
    ProbableAuthenticationError,
)
from yarl import URL

from .errors import Unreachable

LOST = (AMQPError, ChannelInvalidStateError, OSError)
"""What aio-pika raises when a connection or a channel is gone, or goes."""

RETRY_S = 0.2
RETRY_MOST_S = 3.0
CONNECT_S = 10.0

_HOPELESS = (AuthenticationError, ProbableAuthenticationError, IncompatibleProtocolError)


class Pauses:
    """Growing pauses between attempts; `reset` after a success."""

    def __init__(self) -> None:
        self._next_s = RETRY_S

    def reset(self) -> None:
        """Begin with the shortest again."""
        self._next_s = RETRY_S

    async def sleep(self) -> None:
        """Wait, each time longer."""
        await asyncio.sleep(self.next())

    def next(self) -> float:
        """How long to wait now; longer the next time."""
        pause_s, self._next_s = self._next_s, min(self._next_s * 2, RETRY_MOST_S)
        return pause_s


class Link:
    """One connection, shared by everything a client does; each use has a channel of its own."""

    def __init__(self, amqp_url: str, *, name: str) -> None:
        self._url = _checked(amqp_url)
        self._name = name
        self._connection: AbstractConnection | None = None
        self._connecting = asyncio.Lock()

    def __str__(self) -> str:
        return str(self._url.with_query(None).with_user(None))

    async def __aenter__(self) -> Self:
        try:
            await self._connected()
        except LOST as error:
            raise Unreachable(f"no connection to RabbitMQ at {self}: {error}") from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._drop()

    @asynccontextmanager
    async def channel(self, *, prefetch: int | None = None) -> AsyncIterator[AbstractChannel]:
        """A channel for as long as the context lasts; raises one of `LOST`, or Unreachable when it is hopeless."""
        channel = await self.open_channel(prefetch=prefetch)
        try:
            yield channel
        finally:
            await close(channel)

    async def open_channel(self, *, prefetch: int | None = None, on_return_raises: bool = False) -> AbstractChannel:
        """As `channel`, but closed by its user."""
        connection = await self._connected()
        channel = connection.channel(on_return_raises=on_return_raises)
        await channel.initialize()
        if prefetch is not None:
            await channel.set_qos(prefetch_count=prefetch)
        return channel

    async def _connected(self) -> AbstractConnection:
        async with self._connecting:
            if self._connection is not None and self._connection.connected.is_set():
                return self._connection
            await self._drop()
            try:
                self._connection = await aio_pika.connect(
                    self._url, timeout=CONNECT_S, client_properties={"connection_name": self._name}
                )
            except TimeoutError as error:
                raise ConnectionError(f"no answer within {CONNECT_S:.0f} s") from error
            except _HOPELESS as error:
                raise Unreachable(f"RabbitMQ at {self} refuses this user, password or virtual host") from error
            return self._connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*LOST):
                await connection.close()


async def close(channel: AbstractChannel) -> None:
    """Close a channel that may be gone already."""
    if channel.is_closed:
        return
    with suppress(*LOST):
        await channel.close()


def _checked(amqp_url: str) -> URL:
    try:
        url = URL(amqp_url)
    except ValueError as error:
        raise Unreachable(f"not an AMQP URL: {error}") from error
    if url.scheme not in ("amqp", "amqps") or not url.host:
        raise Unreachable('not an AMQP URL: expected "amqp://user:password@host:5672/"')
    return url
