"""A TCP proxy whose connections can be cut: what a network or a broker restart does to a client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from yarl import URL


class Proxy:
    """Forwards to the broker until it is told not to."""

    def __init__(self, target: URL) -> None:
        self._target = target
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.accepted = 0
        self.refused = 0
        self.open = True

    @property
    def url(self) -> str:
        """The broker's URL through this proxy."""
        return str(self._target.with_host("127.0.0.1").with_port(self.port))

    def cut(self) -> None:
        """End every connection without a word."""
        for writer in self._writers:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client."""
        if not self.open:
            self.refused += 1
            writer.transport.abort()
            return
        self.accepted += 1
        to_reader, to_writer = await asyncio.open_connection(self._target.host, self._target.port or 5672)
        self._writers |= {writer, to_writer}
        with suppress(OSError):
            await asyncio.gather(_pump(reader, to_writer), _pump(to_reader, writer), return_exceptions=True)
        self._writers -= {writer, to_writer}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def proxy(amqp_url: str) -> AsyncIterator[Proxy]:
    """A proxy for the time of a test."""
    made = Proxy(URL(amqp_url))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.cut()
        await server.wait_closed()
