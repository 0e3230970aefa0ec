"""A web server on the loopback that answers as well or as badly as a test wants; every request is noted.

It speaks HTTP by itself, because a proper server library would not let itself be made to lie.
"""

import asyncio
import contextlib
import re
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Asked:
    """A request: its path with the query, and its headers by their names in lower case."""

    path: str
    headers: dict[str, str]

    @property
    def start(self) -> int:
        """The first byte of the range that is asked for; 0 without one."""
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        return int(found[1]) if found else 0

    @property
    def stop(self) -> int | None:
        """Behind the last byte of the range; None: up to the end."""
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        return int(found[2]) + 1 if found else None


class Line:
    """The way back to whoever asked."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def head(self, status: int, **headers: str | int) -> None:
        """The status line and headers, with "_" for "-"."""
        lines = [f"HTTP/1.1 {status} Whatever"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    async def send(self, data: bytes) -> None:
        """Bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def chunk(self, data: bytes) -> None:
        """A piece in chunked coding; an empty one is the end."""
        await self.send(b"%x\r\n%s\r\n" % (len(data), data))


Answer = Callable[[Asked, Line], Awaitable[None]]


@dataclass
class File:
    """A file as a good server gives it: ranges, If-Range, an entity tag."""

    content: bytes
    tag: str | None = '"one"'
    type: str = "video/mp4"
    ranges: bool = True

    async def __call__(self, asked: Asked, line: Line) -> None:
        start, stop = self.span(asked)
        await self.head(line, start, stop)
        await line.send(self.content[start:stop])

    def span(self, asked: Asked) -> tuple[int, int]:
        """The part to give."""
        same = "if-range" not in asked.headers or asked.headers["if-range"] == self.tag
        if not self.ranges or not same:
            return 0, len(self.content)
        return asked.start, min(asked.stop or len(self.content), len(self.content))

    async def head(self, line: Line, start: int, stop: int) -> None:
        """What comes before a part."""
        size = len(self.content)
        tag = {} if self.tag is None else {"ETag": self.tag}
        if (start, stop) == (0, size):
            await line.head(200, Content_Length=size, Content_Type=self.type, **tag)
        elif start >= size:
            await line.head(416, Content_Range=f"bytes */{size}", Content_Length=0)
        else:
            part = f"bytes {start}-{stop - 1}/{size}"
            await line.head(206, Content_Length=stop - start, Content_Range=part, Content_Type=self.type, **tag)


@dataclass
class WebServer:
    """Answers each path as `pages` says, on a port of its own, by a thread of its own. A context."""

    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0

    def url(self, path: str, host: str | None = None) -> str:
        """The address of a page."""
        return f"http://{host or self.host}:{self.port}{path}"

    def of(self, path: str) -> list[Asked]:
        """The requests for a page."""
        return [one for one in self.asked if one.path == path]

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="web-server")
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(timeout=20)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(timeout=20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        self._serving: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._answer(reader, Line(writer))
        finally:
            self._serving.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, line: Line) -> None:
        """One request on each connection."""
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [one.partition(":") for one in rest if one]
        asked = Asked(first.split(" ")[1], {name.strip().lower(): value.strip() for name, _, value in pairs})
        self.asked.append(asked)
        page = self.pages.get(asked.path.partition("?")[0])
        if page is None:
            await line.head(404, Content_Length=0)
        else:
            await page(asked, line)


def status(code: int, **headers: str) -> Answer:
    """A page that is only a status."""

    async def answer(_asked: Asked, line: Line) -> None:
        await line.head(code, Content_Length=0, **headers)

    return answer


def redirect(location: str, code: int = 302) -> Answer:
    """A page that sends elsewhere."""
    return status(code, Location=location)
