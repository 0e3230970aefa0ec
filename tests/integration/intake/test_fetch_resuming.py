"""Fetches that break off: they go on where that is proven to be the same file, else anew."""

import asyncio
import os

import pytest

from contracts import codes
from shared.errors import TransientError
from tests.integration.intake.conftest import House
from tests.integration.intake.refusals import refused
from tests.waiting import until
from tests.web.server import Asked, File, Line, WebServer

CONTENT = os.urandom(9_000_000)
SMALL = CONTENT[:50_000]


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
    first = asyncio.create_task(house.fetch("/film.mp4"))

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
