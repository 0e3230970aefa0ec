"""Sources of the web through the running services."""

import asyncio
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.errors import Refused
from contracts.flows import FlowState, Outcome
from tests.e2e import sources
from tests.e2e.desk import ONE_PICTURE, SMALL_RENDITION, Desk, failures, rendition
from tests.e2e.rates import believed
from tests.waiting import until
from tests.web.server import Asked, File, Line, WebServer, redirect

BOTH: dict[str, Any] = {**SMALL_RENDITION, **ONE_PICTURE}


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server that the stack may fetch from."""
    with WebServer() as server:
        yield server


class Slow(File):
    """Gives a little of it, and the rest when it may go on; breaks the first line before."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.go_on = False

    async def __call__(self, asked: Asked, line: Line) -> None:
        start, stop = self.span(asked)
        await self.head(line, start, stop)
        half = max(start, stop // 2)
        await line.send(self.content[start:half])
        if not start:
            return

        async def allowed() -> bool:
            return self.go_on

        await until(allowed, "the test to let it go on")
        await line.send(self.content[half:stop])


async def test_a_stream_is_fetched_once_and_cut(
    desk: Desk, web: WebServer, database: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A playlist with its segments."""
    made = tmp_path_factory.mktemp("hls")
    options = ["-c", "copy", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"]
    argv = ["ffmpeg", "-v", "error", "-i", str(sources.PLAIN), *options, str(made / "film.m3u8")]
    await asyncio.to_thread(subprocess.run, argv, check=True)
    web.pages |= {f"/{path.name}": File(path.read_bytes()) for path in made.iterdir()}
    async with believed(database, {"h264.h264.small": 120.0}):
        view = await desk.done(web.url("/film.m3u8"), SMALL_RENDITION)
        plain = await desk.done(sources.PLAIN, SMALL_RENDITION)
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert rendition(view).chunks > 1
    assert abs(rendition(view).duration_s - rendition(plain).duration_s) < 0.05
    assert rendition(view).url.endswith("/film_transcode_100010.mp4")
    assert len({one.path for one in web.asked}) == len(web.asked) == len(list(made.iterdir()))


async def test_a_film_is_fetched_once_and_cut(desk: Desk, web: WebServer, database: Any) -> None:
    web.pages |= {
        "/in/my%20film.mp4": redirect("/store/7f"),
        "/store/7f": File(await asyncio.to_thread(sources.PLAIN.read_bytes)),
    }
    asked = {"storage": desk.out(), "dir": "/{inputDir}/{inputName}/"}
    async with believed(database, {"h264.h264.small": 120.0}):
        view = await desk.done(web.url("/in/my%20film.mp4?token=1"), BOTH, output=asked)
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert rendition(view).chunks > 1
    assert rendition(view).url.endswith("/in/my%20film/my%20film_transcode_100010.mp4")
    assert view.input.url == web.url("/in/my%20film.mp4?token=1")
    assert [one.path for one in web.asked] == ["/in/my%20film.mp4?token=1", "/store/7f"]


async def test_the_progress_of_a_fetch_is_told(desk: Desk, web: WebServer) -> None:
    web.pages["/film.mp4"] = page = Slow(await asyncio.to_thread(sources.SHORT.read_bytes) + bytes(9_000_000))
    flow_id = await desk.submit(web.url("/film.mp4"), ONE_PICTURE)

    def told() -> list[float]:
        events = [event for event in desk.recorder.of(flow_id) if event["type"] == "vodflow.flow.progressed.v1"]
        return [event["data"]["progress_percent"] for event in events]

    await desk.until(told, "progress of the fetch")
    assert 0 < told()[0] <= 10
    before = await desk.client.describe(flow_id)
    assert (before.state, before.media, {one.state for one in before.subtasks}) == (
        FlowState.PROCESSING,
        None,
        {"waiting"},
    )
    page.go_on = True
    assert (await desk.ended(flow_id)).outcome is Outcome.SUCCESS
    types = [event["type"].removeprefix("vodflow.") for event in desk.recorder.of(flow_id)]
    assert types.index("flow.progressed.v1") < types.index("flow.started.v1") < types.index("subtask.started.v1")


async def test_a_fetch_is_stopped_and_leaves_nothing(desk: Desk, web: WebServer) -> None:
    web.pages["/film.mp4"] = Slow(bytes(9_000_000))
    flow_id = await desk.submit(web.url("/film.mp4"), BOTH)
    copy = desk.stack.stack.layout.data / "work" / "fetch" / flow_id
    await desk.until(lambda: (copy / "source").exists() and len(web.asked) > 1, "the second half to be asked for")
    await desk.client.cancel(flow_id)
    view = await desk.ended(flow_id)
    assert view.state is FlowState.ABORTED

    async def gone() -> bool:
        return not copy.exists()

    await until(gone, "the end of the copy")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/nowhere.mp4", "SourceFileError.DownloadNotAccessible"),
        ("/inside", "InvalidInput.PermissionDenied"),
        ("/text.mp4", "SourceFileError.ContentMalformed"),
    ],
)
async def test_a_source_that_is_none_fails_the_flow_with_its_code(
    path: str, code: str, desk: Desk, web: WebServer
) -> None:
    web.pages |= {
        "/inside": redirect(web.url("/film.mp4", "169.254.169.254")),
        "/text.mp4": File(b"Once upon a time there was no video.\n" * 50),
    }
    view = await desk.done(web.url(path), BOTH)
    assert (view.outcome, view.code, set(failures(view).values())) == (Outcome.FAILED, code, {code})
    assert view.message


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"input": {"url": "http://10.0.0.1/a.mp4"}}, "UnauthorizedOperation", "input.url"),
        ({"input": {"url": "http://me:secret@example.org/a.mp4"}}, "InvalidParameterValue", "input.url"),
        ({"input": {"url": "https://example.org/a.mp4"}, "output": None}, "MissingParameter", "output"),
    ],
)
async def test_what_can_be_told_at_once_is_refused_at_once(
    asked: dict[str, Any], code: str, field: str, desk: Desk
) -> None:
    url = asked.pop("input")["url"]
    with pytest.raises(Refused) as refused:
        await desk.submit(url, BOTH, **asked)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert "secret" not in refused.value.message
