"""Sources of the web from a server that has good days and bad ones: whole, or a code, and nothing left behind."""

import asyncio
import gzip
import os
from typing import Any

import pytest

from contracts import codes
from shared.errors import MediaError, TransientError, WorkError
from tests.integration.intake.conftest import House
from tests.waiting import until
from tests.web.server import Answer, Asked, File, Line, WebServer, redirect, status

CONTENT = os.urandom(9_000_000)
SMALL = CONTENT[:50_000]


async def refused(house: House, path: str, **settings: Any) -> WorkError:
    """The error that a fetch ends with; one that no retry helps leaves nothing behind."""
    with pytest.raises(WorkError) as error:
        await house.fetch(path, **settings)
    if isinstance(error.value, MediaError):
        assert house.left == []
    assert not any(house.last.directory.iterdir())
    return error.value


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


class Breaking(File):
    """A good server behind a line that breaks after so many bytes, each time."""

    after = 3_000_000

    async def __call__(self, asked: Asked, line: Line) -> None:
        start, stop = self.span(asked)
        await self.head(line, start, stop)
        await line.send(self.content[start : min(stop, start + self.after)])


async def test_a_line_that_breaks_is_gone_on_with(house: House, web: WebServer) -> None:
    web.pages["/film.mp4"] = Breaking(CONTENT)
    assert await house.fetch("/film.mp4") == CONTENT
    assert [asked.start for asked in web.asked] == [0, 3_000_000, 6_000_000]
    assert {asked.headers.get("if-range") for asked in web.asked[1:]} == {'"one"'}


async def test_a_date_proves_that_a_rest_belongs_to_its_beginning(house: House, web: WebServer) -> None:
    class Dated(Breaking):
        async def head(self, line: Line, start: int, stop: int) -> None:
            part = {"Content_Range": f"bytes {start}-{stop - 1}/{len(self.content)}"} if start else {}
            await line.head(
                206 if start else 200,
                Content_Length=stop - start,
                Last_Modified="Sat, 21 Nov 2026 10:00:00 GMT",
                Date="Sat, 21 Nov 2026 10:00:01 GMT",
                **part,
            )

    web.pages["/film.mp4"] = Dated(CONTENT, tag="Sat, 21 Nov 2026 10:00:00 GMT")
    assert await house.fetch("/film.mp4") == CONTENT
    assert len(web.asked) == 3


@pytest.mark.parametrize("tag", ['W/"weak"', None], ids=["weak", "none"])
async def test_what_nobody_can_prove_is_begun_anew(tag: str | None, house: House, web: WebServer) -> None:
    class Lengthening(Breaking):
        async def __call__(self, asked: Asked, line: Line) -> None:
            self.after += 3_000_000
            await super().__call__(asked, line)

    web.pages["/film.mp4"] = Lengthening(CONTENT, tag=tag)
    assert await house.fetch("/film.mp4") == CONTENT
    assert [asked.start for asked in web.asked] == [0, 0]


async def test_a_server_without_ranges_is_asked_anew(house: House, web: WebServer) -> None:
    class Once(Breaking):
        async def __call__(self, asked: Asked, line: Line) -> None:
            await super().__call__(asked, line)
            self.after = len(self.content)

    web.pages["/film.mp4"] = Once(CONTENT, ranges=False)
    assert await house.fetch("/film.mp4") == CONTENT
    assert [asked.start for asked in web.asked] == [0, 3_000_000]


@pytest.mark.parametrize("honest", [True, False], ids=["If-Range is kept", "If-Range is ignored"])
async def test_a_file_that_changes_in_between_is_begun_anew(honest: bool, house: House, web: WebServer) -> None:
    class Changing(Breaking):
        async def __call__(self, asked: Asked, line: Line) -> None:
            if not honest:
                asked = Asked(asked.path, {k: v for k, v in asked.headers.items() if k != "if-range"})
            await super().__call__(asked, line)
            self.content, self.tag, self.after = CONTENT[::-1], '"two"', len(CONTENT)

    web.pages["/film.mp4"] = Changing(CONTENT)
    assert await house.fetch("/film.mp4") == CONTENT[::-1]
    assert len(web.asked) == (2 if honest else 3)


async def test_the_next_attempt_goes_on_where_the_last_one_was_stopped(house: House, web: WebServer) -> None:
    class Hanging(Breaking):
        async def __call__(self, asked: Asked, line: Line) -> None:
            await super().__call__(asked, line)
            if not asked.start:
                await asyncio.sleep(60)

    Hanging.after = 5_000_000
    web.pages["/film.mp4"] = Hanging(CONTENT)
    first = asyncio.create_task(house.fetch("/film.mp4", fetch_stall_s=30.0))

    async def some_there() -> bool:
        return sum(path.stat().st_size for path in house.left) > 4_000_000

    await until(some_there, "the beginning of the file")
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)

    assert await house.fetch("/film.mp4") == CONTENT
    assert 4_000_000 <= web.asked[1].start <= 5_000_000
    assert not house.broken_off.exists()


async def test_two_attempts_at_once_do_not_meet(house: House, web: WebServer) -> None:
    """A worker that has lost its lease may not know it yet."""
    web.pages["/film.mp4"] = File(CONTENT)
    first, second = await asyncio.gather(house.fetch("/film.mp4"), house.fetch("/film.mp4"))
    assert first == second == CONTENT


async def test_another_source_does_not_go_on_with_it(house: House, web: WebServer) -> None:
    web.pages |= {"/a.mp4": Breaking(CONTENT, ranges=False), "/b.mp4": File(CONTENT[::-1])}
    assert isinstance(await refused(house, "/a.mp4"), TransientError)
    assert await house.fetch("/b.mp4") == CONTENT[::-1]


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


async def test_a_part_that_contradicts_itself(house: House, web: WebServer) -> None:
    class Confused(Breaking):
        async def head(self, line: Line, start: int, stop: int) -> None:
            if not start:
                await super().head(line, start, stop)
            else:
                part = f"bytes {start}-{stop - 1}/{len(self.content)}"
                await line.head(206, Content_Length=5, Content_Range=part, ETag=str(self.tag))

    web.pages["/film.mp4"] = Confused(CONTENT)
    error = await refused(house, "/film.mp4")
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
        (_drip, {}, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
        (_silence, {}, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
        (_stops, {}, TransientError, codes.SOURCE_NOT_ACCESSIBLE),
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
