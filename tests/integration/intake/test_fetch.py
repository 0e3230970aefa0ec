"""Sources of the web from a server that has good days and bad ones: whole, or a code, and nothing left behind."""

import asyncio
import gzip
import os
from typing import Any

import pytest

from contracts import codes
from shared.errors import MediaError, TransientError, WorkError
from tests.integration.intake.conftest import House
from tests.integration.intake.refusals import refused
from tests.web.server import Answer, Asked, File, Line, WebServer, redirect, status

CONTENT = os.urandom(9_000_000)
SMALL = CONTENT[:50_000]


async def test_a_file_comes_once_and_whole(house: House, web: WebServer) -> None:
    web.pages["/in/film.mp4"] = File(CONTENT)
    assert await house.fetch("/in/film.mp4?sig=a%2Bb~%7E") == CONTENT
    [asked] = web.asked
    assert (asked.path, asked.headers["accept-encoding"]) == ("/in/film.mp4?sig=a%2Bb~%7E", "identity")
    assert not {"range", "cookie", "authorization", "referer"} & set(asked.headers)
    assert house.last.percents == sorted(house.last.percents)
    assert 0 < house.last.percents[0] <= 100
    assert not house.broken_off.exists()
    assert [path.name for path in house.left] == ["fetch.1.1.source.mp4"]


async def test_a_length_that_is_not_told_is_no_hindrance(house: House, web: WebServer) -> None:
    async def chunked(_asked: Asked, line: Line) -> None:
        await line.head(200, Transfer_Encoding="chunked")
        for start in range(0, len(SMALL), 9999):
            await line.chunk(SMALL[start : start + 9999])
        await line.chunk(b"")

    web.pages["/a"] = chunked
    assert await house.fetch("/a") == SMALL
    assert house.last.percents == []


class Lying(File):
    """Tells another length than it sends."""

    told = 0

    async def head(self, line: Line, start: int, stop: int) -> None:
        await line.head(200, Content_Length=self.told)


async def test_a_length_that_never_comes(house: House, web: WebServer) -> None:
    web.pages["/a"] = page = Lying(SMALL)
    page.told = 60_000
    error = await refused(house, "/a")
    assert (type(error), error.code) == (TransientError, codes.SOURCE_NOT_ACCESSIBLE)
    assert len(web.asked) == 2


async def test_more_than_the_length_told(house: House, web: WebServer) -> None:
    web.pages["/a"] = page = Lying(SMALL)
    page.told = 40_000
    error = await refused(house, "/a")
    assert (type(error), error.code) == (TransientError, codes.SOURCE_NOT_ACCESSIBLE)


@pytest.mark.parametrize(
    ("code", "kind", "told"),
    [
        (401, MediaError, codes.SOURCE_REFUSED),
        (403, MediaError, codes.SOURCE_REFUSED),
        (404, MediaError, codes.SOURCE_NOT_ACCESSIBLE),
        (410, MediaError, codes.SOURCE_NOT_ACCESSIBLE),
        (204, MediaError, codes.SOURCE_NOT_ACCESSIBLE),
        (206, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
        (429, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
        (500, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
        (503, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
    ],
)
async def test_a_status_is_told(code: int, kind: type[WorkError], told: str, house: House, web: WebServer) -> None:
    web.pages["/a"] = status(code)
    error = await refused(house, "/a")
    assert (type(error), error.code) == (kind, told)
    assert str(code) in error.message or code == 206


async def test_a_web_page_is_no_video(house: House, web: WebServer) -> None:
    web.pages["/film.mp4"] = File(b"<html>Please log in</html>", type="text/html; charset=utf-8")
    error = await refused(house, "/film.mp4")
    assert (type(error), error.code) == (MediaError, codes.SOURCE_UNSUPPORTED)
    assert "login" in error.message


async def test_compressed_answers_are_refused_unread(house: House, web: WebServer) -> None:
    async def bomb(_asked: Asked, line: Line) -> None:
        await line.head(200, Content_Encoding="gzip", Transfer_Encoding="chunked")
        for _ in range(1000):
            await line.chunk(gzip.compress(bytes(10_000_000)))

    web.pages["/a"] = bomb
    error = await refused(house, "/a")
    assert (type(error), error.code) == (MediaError, codes.SOURCE_UNSUPPORTED)


async def _endless(_asked: Asked, line: Line) -> None:
    await line.head(200, Transfer_Encoding="chunked")
    while True:
        await line.chunk(SMALL)


async def _told_large(_asked: Asked, line: Line) -> None:
    await line.head(200, Content_Length=10**15)
    await line.send(SMALL)


async def _drip(_asked: Asked, line: Line) -> None:
    await line.head(200, Content_Length=10**6)
    while True:
        await line.send(b"x")
        await asyncio.sleep(0.05)


async def _silence(_asked: Asked, _line: Line) -> None:
    await asyncio.sleep(60)


async def _stops(_asked: Asked, line: Line) -> None:
    await line.head(200, Content_Length=10**6)
    await line.send(SMALL)
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("page", "settings", "kind", "told"),
    [
        (_endless, {"fetch_bytes": 3_000_000}, MediaError, codes.SOURCE_TOO_LARGE),
        (_told_large, {}, MediaError, codes.SOURCE_TOO_LARGE),
        (_endless, {"fetch_s": 0.5}, MediaError, codes.SOURCE_NOT_ACCESSIBLE),
        (_drip, {"fetch_stall_s": 0.6}, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
        (_silence, {"fetch_stall_s": 0.6}, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
        (_stops, {"fetch_stall_s": 0.6}, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
    ],
    ids=["endless", "too large", "too long", "drip", "silence", "stops"],
)
async def test_limits(
    page: Answer, settings: dict[str, Any], kind: type[WorkError], told: str, house: House, web: WebServer
) -> None:
    web.pages["/a"] = page
    error = await refused(house, "/a", **settings)
    assert (type(error), error.code) == (kind, told)


async def test_redirects_are_followed_but_not_in_circles(house: House, web: WebServer) -> None:
    web.pages |= {"/1/a": redirect("../2/b?x=%2F", 301), "/2/b": redirect("/c", 307), "/c": redirect("/2/b")}
    error = await refused(house, "/1/a")
    assert (type(error), error.code) == (MediaError, codes.SOURCE_NOT_ACCESSIBLE)
    assert len(web.asked) == 6
    web.pages["/c"] = File(SMALL)
    assert await house.fetch("/1/a") == SMALL
    assert [asked.path for asked in web.asked[6:]] == ["/1/a", "/2/b?x=%2F", "/c"]


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://example.org/a", "http://user:secret@127.0.0.1/a", "data:video/mp4,x", "gopher://x/"],
)
async def test_a_redirect_to_what_is_no_web_url_is_refused(location: str, house: House, web: WebServer) -> None:
    web.pages["/a"] = redirect(location)
    error = await refused(house, "/a")
    assert (type(error), error.code) == (MediaError, codes.SOURCE_REFUSED)
    assert "secret" not in error.message
