"""Sources and places that turn out to be impossible once a flow was accepted: permanent codes, nothing left behind."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts.flows import FlowView, Outcome
from tests.e2e import sources
from tests.e2e.desk import ONE_PICTURE, SMALL, SMALL_RENDITION, Desk, failures, path_of, rendition, result_urls
from tests.e2e.rates import believed

BOTH: dict[str, Any] = {**SMALL_RENDITION, **ONE_PICTURE}


async def failed(desk: Desk, url: str, tasks: dict[str, Any], **members: Any) -> FlowView:
    view = await desk.done(url, tasks, **members)
    assert view.outcome is Outcome.FAILED
    return view


async def test_a_missing_file(desk: Desk) -> None:
    view = await failed(desk, (desk.directory / "nowhere.mp4").as_uri(), BOTH)
    assert view.code == "SourceFileError.DownloadNotAccessible"
    assert set(failures(view).values()) == {"SourceFileError.DownloadNotAccessible"}


async def test_a_directory(desk: Desk) -> None:
    desk.put_in(sources.SHORT)
    view = await failed(desk, (desk.directory / "in").as_uri(), BOTH)
    assert view.code == "SourceFileError.DownloadNotAccessible"


@pytest.mark.parametrize(
    "content",
    [b"", b"Once upon a time there was no video.\n" * 50, b"\x00" * 100_000, b"\x1a\x45\xdf\xa3" * 1000],
    ids=["empty", "text", "zeros", "a header and nothing"],
)
async def test_a_file_that_is_no_video(content: bytes, desk: Desk) -> None:
    posing = desk.directory / "posing.mp4"
    posing.parent.mkdir(parents=True)
    posing.write_bytes(content)
    view = await failed(desk, posing.as_uri(), BOTH)
    assert view.code in ("SourceFileError.ContentMalformed", "SourceFileError.ContentUnsupported")
    assert set(failures(view).values()) == {view.code}


def _scripts(canary: Path) -> dict[str, bytes]:
    """Files that make a careless ffmpeg open another one."""
    hls = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://{canary}\n#EXT-X-ENDLIST\n"
    return {
        "playlist.mp4": hls.encode(),
        "playlist.m3u8": hls.encode(),
        "concat.mp4": f"ffconcat version 1.0\nfile 'file:{canary}'\n".encode(),
        "concat.ts": b"ffconcat version 1.0\nfile canary.mp4\n",
        "manifest.mp4": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
        b"<AdaptationSet><Representation id='1' mimeType='video/mp4'><BaseURL>canary.mp4</BaseURL></Representation>"
        b"</AdaptationSet></Period></MPD>",
        "session.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "picture-%d.mp4": b"no picture",
    }


@pytest.mark.parametrize("name", _scripts(Path("/x")))
async def test_a_script_that_poses_as_video_is_not_followed(name: str, desk: Desk) -> None:
    canary = path_of(desk.put_in(sources.SHORT, "canary.mp4"))
    script = canary.with_name(name)
    script.write_bytes(_scripts(canary)[name])
    view = await failed(desk, script.as_uri(), BOTH)
    assert view.code in ("SourceFileError.ContentMalformed", "SourceFileError.ContentUnsupported")
    assert view.media is None


async def test_a_window_or_a_time_beyond_the_end_fails_alone(desk: Desk) -> None:
    tasks = {
        "transcode": [{"definition": 100010, "override": SMALL, "start_time_offset_s": 100}],
        "snapshot_by_time_offset": [
            {"definition": 10, "time_offsets": ["1s", "99s"]},
            {"definition": 10, "time_offsets": ["1s"]},
        ],
    }
    view = await desk.done(sources.SHORT, tasks)
    assert view.outcome is Outcome.PARTIAL
    assert failures(view) == dict.fromkeys(
        ("transcode-1", "snapshot_by_time_offset-1"), "InvalidInput.InvalidTimeOffset"
    )


@pytest.mark.parametrize("below", ["", "deeper/"])
async def test_an_output_that_is_a_file_can_not_be_written_to(below: str, desk: Desk) -> None:
    """The tests may run as root, whom permissions don't stop."""
    there = desk.directory / "in" / "taken"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    asked = {"storage": f"{there.as_uri()}/{below}"}
    flow_id = await desk.submit(sources.SHORT, BOTH, output=asked)
    end = (await desk.recorded_end(flow_id))["data"]["flow"]
    assert (end["outcome"], end["code"]) == ("failed", "InvalidInput.PermissionDenied")
    assert there.read_text() == "mine"


async def test_a_result_whose_name_is_taken_by_a_directory(desk: Desk) -> None:
    out = desk.directory / "out"
    (out / "22_mov_text_subtitle_transcode_100010.mp4" / "x").mkdir(parents=True)
    flow_id = await desk.submit(sources.SHORT, BOTH, output={"storage": out.as_uri() + "/"})
    end = (await desk.recorded_end(flow_id))["data"]["flow"]
    assert end["outcome"] == "partial"
    assert {subtask["subtask_id"]: subtask["code"] for subtask in end["subtasks"]} == {
        "transcode-1": "InvalidInput.PermissionDenied",
        "snapshot_by_time_offset-1": "",
    }
    await desk.until(lambda: not (desk.stack.stack.layout.scratch / flow_id).exists(), "an empty scratch")


async def test_a_result_is_replaced_when_asked_for_again(desk: Desk) -> None:
    out = {"storage": desk.out()}
    first = await desk.done(sources.SHORT, BOTH, output=out)
    second = await desk.done(sources.SHORT, BOTH, output=out)
    assert result_urls(first.subtasks) == result_urls(second.subtasks)
    assert (first.outcome, second.outcome) == (Outcome.SUCCESS, Outcome.SUCCESS)


HOSTILE = [
    "te[s]t_ video ' _ .flv",
    "-i -y.flv",
    "%d%%03d%s.flv",
    "two\nlines.flv",
    "späß 电影 🎬.flv",
    '$(touch pwned);`id` | & "quoted" \\ *?.flv',
    "file:concat|a.flv",
    "  .flv",
    ".flv",
    "x" * 240 + ".flv",
    "a#b?c=d&e.flv",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_hostile_name_is_only_a_name(name: str, desk: Desk) -> None:
    view = await desk.done(
        desk.put_in(sources.HOSTILE_NAME, name),
        {
            "transcode": [{"definition": 100010, "override": SMALL}],
            "snapshot_by_time_offset": [{"definition": 10, "time_offsets": ["0s", "1s"]}],
            "sampled_snapshot": [{"definition": 10}],
            "image_sprite": [{"definition": 10}],
        },
    )
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert not list(desk.stack.data.rglob("pwned"))


async def test_a_cut_source_with_a_hostile_directory_is_joined(desk: Desk, database: Any) -> None:
    async with believed(database, {"h264.h264.small": 120.0}):
        out = {"storage": (desk.directory / "out [it's] %d \n — ok").as_uri() + "/"}
        view = await desk.done(desk.put_in(sources.PLAIN, "it's %d 'quoted'.mp4"), SMALL_RENDITION, output=out)
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert rendition(view).chunks > 1


async def test_good_flows_go_on_beside_bad_ones(desk: Desk) -> None:
    bad = [await desk.submit((desk.directory / f"{n}.mp4").as_uri(), BOTH) for n in range(5)]
    good = await desk.done(sources.SHORT, BOTH)
    assert good.outcome is Outcome.SUCCESS
    for flow_id in bad:
        assert (await desk.ended(flow_id)).outcome is Outcome.FAILED


async def test_a_file_cut_off_in_the_middle_is_a_warned_success_or_a_permanent_error(desk: Desk) -> None:
    """It begins well, so its index promises pictures whose bytes are not there."""
    whole = await asyncio.to_thread(sources.EDIT_LIST.read_bytes)
    remuxed, cut = desk.directory / "in" / "whole.mp4", desk.directory / "in" / "cut.mp4"
    remuxed.parent.mkdir(parents=True)
    await asyncio.to_thread(
        subprocess.run,
        ["ffmpeg", "-v", "error", "-i", f"file:{sources.EDIT_LIST}", "-c", "copy", "-movflags", "+faststart",
         f"file:{remuxed}"],
        check=True,
    )  # fmt: skip
    cut.write_bytes(remuxed.read_bytes()[: len(whole) // 2])
    view = await desk.done(cut.as_uri(), BOTH)
    assert all(code.startswith("SourceFileError.") for code in failures(view).values())
    if "transcode-1" not in failures(view):
        assert rendition(view).notes
