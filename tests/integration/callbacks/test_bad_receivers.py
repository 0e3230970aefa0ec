"""Receivers that are slow, endless or huge cost a try at most, and nobody else anything."""

import asyncio
import tracemalloc

import pytest

from services.notifier.callbacks import posting
from tests.integration.callbacks.house import House, event
from tests.integration.callbacks.receivers import Liar, Receiver, lying
from tests.waiting import until

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TIMEOUT_S", 0.3)


async def reason(house: House, liar: Liar) -> str:
    """Why an event is a dead letter there."""
    subscription = await house.put(liar.url, strategy="BACKOFF_RETRY")
    async with house.replica():
        await house.tell(subscription, event("a", 1))
        (dead,) = await house.dead(subscription)
    return str(dead.headers["x-vodflow-reason"])


async def flood(writer: asyncio.StreamWriter, piece: bytes) -> None:
    """Write for ever, until the other side has had enough."""
    while True:
        writer.write(piece)
        await writer.drain()


@pytest.mark.usefixtures("impatient")
async def test_no_answer(house: House) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with lying(act) as liar:
        assert await reason(house, liar) == "no answer within 0.3 s after 4 tries"
        assert liar.requests == 4


@pytest.mark.usefixtures("impatient")
async def test_headers_that_drip(house: House) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in HEAD + b"X-Slow: " + b"x" * 100_000:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.01)

    async with lying(act) as liar:
        assert await reason(house, liar) == "no answer within 0.3 s after 4 tries"


@pytest.mark.parametrize("line", [b"X-Many: 1\r\n", b"x" * 1000], ids=["many", "long"])
async def test_endless_headers(line: bytes, house: House) -> None:
    async def act(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        await flood(writer, line * 100)

    tracemalloc.start()
    try:
        async with lying(act) as liar:
            assert (await reason(house, liar)).startswith("no HTTP answer")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\xff\r\n\r\n", b"HTTP/1.1 two OK\r\n\r\n"])
async def test_no_http(answer: bytes, house: House) -> None:
    async def act(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with lying(act) as liar:
        assert (await reason(house, liar)).endswith("after 4 tries")


@pytest.mark.parametrize(
    "head", [b"Transfer-Encoding: chunked\r\n\r\n", b"Content-Length: 99999999999\r\n\r\n"], ids=["endless", "huge"]
)
async def test_a_body_is_not_read(head: bytes, house: House) -> None:
    """2xx is done, whatever follows; the connection is dropped, so that the sender notices."""

    async def act(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + head)
        await flood(writer, b"400\r\n" + b"x" * 1024 + b"\r\n")

    async with lying(act) as liar:
        subscription = await house.put(liar.url)
        tracemalloc.start()
        try:
            async with house.replica():
                await house.tell(subscription, *[event("a", number) for number in range(1, 21)])

                async def left() -> bool:
                    return liar.gone == 20

                await until(left, "20 connections to be left")
                await house.empty(subscription)
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()
        assert liar.requests == 20


async def test_a_slow_body_is_not_waited_for(house: House) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: 5\r\n\r\n1")
        await reader.read()
        raise ConnectionResetError

    async with lying(act) as liar:
        subscription = await house.put(liar.url)
        async with house.replica():
            await house.tell(subscription, *[event("a", number) for number in range(1, 6)])

            async def left() -> bool:
                return liar.gone == 5

            await until(left, "5 connections to be left")
            await house.empty(subscription)


async def test_one_that_never_answers_holds_no_other_up(house: House, receiver: Receiver) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with lying(act) as liar:
        stuck = await house.put(liar.url, "stuck")
        well = await house.put(receiver.url(), "well")
        async with house.replica(grace_s=0.1):
            await house.tell(stuck, *[event(f"f{number}", 1) for number in range(30)])

            async def full() -> bool:
                return liar.requests == 16

            await until(full, "16 posts at once")
            await house.tell(well, *[event("a", number) for number in range(1, 51)])
            await receiver.has(50)
            assert liar.requests == 16


@pytest.mark.usefixtures("impatient")
async def test_one_that_never_answers_gets_one_post_at_a_time(house: House) -> None:
    at_once: list[int] = []
    here = 0

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal here
        here += 1
        at_once.append(here)
        try:
            await reader.readuntil(b"\r\n\r\n")
        finally:
            here -= 1

    async with lying(act) as liar:
        stuck = await house.put(liar.url)
        async with house.replica(grace_s=0.1):
            await house.tell(stuck, *[event(f"f{number}", 1) for number in range(48)])

            async def enough() -> bool:
                return len(at_once) >= 26

            await until(enough, "26 posts")
    assert max(at_once) == 16
    assert all(count <= 2 for count in at_once[20:]), "the one before may be on its way out"


async def test_connections_are_used_again(house: House, receiver: Receiver) -> None:
    subscription = await house.put(receiver.url())
    async with house.replica():
        await house.tell(subscription, *[event("a", number) for number in range(1, 21)])
        await receiver.has(20)
    assert len({one.peer for one in receiver.got}) == 1
