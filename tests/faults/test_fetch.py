"""Intake ended in the middle of a fetch: it goes on where it was, once it is back."""

import asyncio
import signal
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import House
from tests.waiting import until
from tests.web.server import Asked, File, Line, WebServer

SENT_BYTES = 10_000_000


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


class Hesitant(File):
    """Gives the first part only, and keeps the line; the rest to whoever asks for it."""

    async def __call__(self, asked: Asked, line: Line) -> None:
        start, stop = self.span(asked)
        await self.head(line, start, stop)
        await line.send(self.content[start : stop if start else SENT_BYTES])
        if not start:
            await asyncio.sleep(60)


def padded(path: Path) -> bytes:
    """The same film with a large box in which nothing is."""
    return path.read_bytes() + struct.pack(">I4s", 2 * SENT_BYTES, b"free") + bytes(2 * SENT_BYTES - 8)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_fetch_goes_on_where_it_was(number: signal.Signals, house: House, web: WebServer) -> None:
    content = await asyncio.to_thread(padded, house.source)
    web.pages["/in%20put.mp4"] = Hesitant(content)
    flow_id = await house.submit(web.url("/in%20put.mp4"))
    copies = house.stack.layout.data / "work" / "fetch"
    copy = copies / flow_id / "source"

    async def some_there() -> bool:
        return copy.exists() and copy.stat().st_size > SENT_BYTES / 2

    await until(some_there, "the beginning of the copy")
    await house.send(house.of("intake"), number)

    await house.ended(flow_id)
    first, second = web.asked
    assert (first.start, 0 < second.start <= SENT_BYTES) == (0, True)
    assert not copy.parent.exists()
