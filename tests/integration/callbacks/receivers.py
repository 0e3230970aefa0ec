"""Receivers of callbacks: one that notes what it gets and answers as told, and one that speaks no proper HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.waiting import until


@dataclass(frozen=True)
class Got:
    """A request, and the status that it was answered with."""

    path: str
    headers: dict[str, str]
    body: bytes
    status: int
    peer: object

    @property
    def data(self) -> dict[str, Any]:
        """The body as JSON."""
        loaded: dict[str, Any] = json.loads(self.body)
        return loaded

    @property
    def place(self) -> tuple[str, int]:
        """Flow and sequence."""
        return self.data["flowid"], self.data["sequence"]


Answer = Callable[[web.Request, bytes], Awaitable[web.StreamResponse]]


async def fine(_request: web.Request, _body: bytes) -> web.StreamResponse:
    """Thank you."""
    return web.Response(status=204)


def always(status: int, **headers: str) -> Answer:
    """The same answer to all."""

    async def answer(_request: web.Request, _body: bytes) -> web.StreamResponse:
        return web.Response(status=status, headers=headers)

    return answer


@dataclass
class Receiver:
    """A server on this port; it may be stopped and started again."""

    host: str = "127.0.0.1"
    port: int = 0
    answer: Answer = fine
    got: list[Got] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    _runner: web.AppRunner | None = None

    def url(self, path: str = "/hook", host: str | None = None) -> str:
        """Its address."""
        return f"http://{host or self.host}:{self.port}{path}"

    @property
    def done(self) -> list[Got]:
        """What was answered with 2xx."""
        return [one for one in self.got if one.status < 300]

    async def start(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Be gone."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def has(self, count: int) -> None:
        """Wait until so many events are done."""

        async def check() -> bool:
            return len({one.body for one in self.done}) >= count

        await until(check, f"{count} events")

    async def asked(self, count: int) -> None:
        """Wait until there were so many requests."""

        async def check() -> bool:
            return len(self.got) >= count

        await until(check, f"{count} requests")

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            body = await request.read()
            response = await self.answer(request, body)
            peer = request.get_extra_info("peername")
            self.got.append(Got(request.path_qs, dict(request.headers), body, response.status, peer))
            return response
        finally:
            self.at_once -= 1


@asynccontextmanager
async def receiving(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Receiver]:
    """A receiver for the time of a test."""
    receiver = Receiver(host, port)
    await receiver.start()
    try:
        yield receiver
    finally:
        await receiver.stop()


@dataclass
class Liar:
    """Reads a request's head and then does as it likes with the connection."""

    act: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
    requests: int = 0
    gone: int = 0
    """Connections that its clients have left."""
    port: int = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                await self.act(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            self.gone += 1
        finally:
            with suppress(OSError):
                writer.close()
                await writer.wait_closed()


@asynccontextmanager
async def lying(act: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[Liar]:
    """A liar for the time of a test."""
    liar = Liar(act)
    connections: set[asyncio.Task[None]] = set()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(liar.serve(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    liar.port = server.sockets[0].getsockname()[1]
    try:
        yield liar
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await server.wait_closed()
