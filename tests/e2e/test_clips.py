"""Every clip of the collection: what comes out is what one pass of ffmpeg over the same source shows."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.client import VodflowClient
from contracts.flows import FlowSubmit, FlowView, Outcome
from contracts.subtasks import TranscodeOutput
from tests.e2e import reference, sources
from tests.e2e.desk import SMALL, Desk, failures, path_of, pictures, rendition, sprite
from tests.media import truth
from tests.running import RunningStack

AT_25 = {"definition": 100010, "override": SMALL}
OWN_TIMES = {"definition": 100010, "override": {"video": {**SMALL["video"], "fps": 0}}}
LONG = (sources.PLAIN, sources.TEST_CARD, sources.BUNNY)
"""Of a constant rate: one rendition will do."""
PICTURES: dict[str, Any] = {
    "snapshot_by_time_offset": [{"definition": 10, "time_offsets": ["0s", "50%"]}],
    "sampled_snapshot": [{"definition": 10}],
    "image_sprite": [{"definition": 10, "override": {"sample_type": "percent", "rows": 2, "columns": 5}}],
}
ALL = (*sources.GOOD, sources.SOUND_ONLY, sources.TRUNCATED, sources.NO_FRAMES)
by_name = pytest.mark.parametrize("clip", sources.GOOD, ids=lambda clip: clip.stem)
SIZES = {
    sources.VARIABLE_RATE: (240, 180),
    sources.PORTRAIT: (180, 320),
    sources.TEN_BIT: (180, 180),
    sources.LATE_SOUND: (240, 180),
    sources.COVER_ART: (320, 180),
    sources.PLAIN: (320, 180),
    sources.SUBTITLED: (270, 180),
    sources.TEST_CARD: (320, 180),
    sources.EDIT_LIST: (320, 180),
    sources.HOSTILE_NAME: (240, 180),
    sources.BUNNY: (320, 180),
}
LEFT_OUT = {sources.COVER_ART: ["left out: cover track 2 (mjpeg)"]}
"""Tracks that are in no result are told of."""
LIKE = 0.8
"""Well below what a small picture of few bits keeps, well above what another or a turned picture would show."""


@pytest.fixture(scope="module")
def flow_ids(stack: RunningStack) -> Iterator[dict[Path, str]]:
    """All clips at once: a flow for each."""
    directory = stack.environment.storage_root / "clips"

    async def submit() -> dict[Path, str]:
        async with VodflowClient(stack.environment.amqp_url, tenant="clips") as client:
            return {clip: (await client.submit(_asked(clip, directory))).flow_id for clip in ALL}

    yield asyncio.run(submit())


def _asked(clip: Path, directory: Path) -> FlowSubmit:
    url = sources.place(clip, directory / "in").as_uri()
    out = (directory / f"out-{clip.stem}").as_uri() + "/"
    tasks = {"transcode": [AT_25] if clip in LONG else [AT_25, OWN_TIMES], **PICTURES}
    return FlowSubmit.model_validate({"input": {"url": url}, "output": {"storage": out}, "tasks": tasks})


def _renditions(clip: Path, view: FlowView) -> list[tuple[TranscodeOutput, str]]:
    """Each with the filters that make the same of the source."""
    first = (rendition(view, 1), "fps=25")
    return [first] if clip in LONG else [first, (rendition(view, 2), "")]


@pytest.fixture
async def view(request: pytest.FixtureRequest, desk_of: Any, flow_ids: dict[Path, str]) -> FlowView:
    """The ended flow of the test's clip."""
    desk: Desk = await desk_of("clips")
    return await desk.ended(flow_ids[request.getfixturevalue("clip")])


@by_name
async def test_a_clip_succeeds(clip: Path, view: FlowView) -> None:
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert view.progress_percent == 100


@by_name
async def test_renditions_show_the_same_pictures_at_the_same_times(clip: Path, view: FlowView) -> None:
    for told, filters in _renditions(clip, view):
        made = path_of(told.url)
        expected, found = reference.times(clip, filters), reference.times(made)
        assert len(found) == len(expected)
        assert max(abs(one - other) for one, other in zip(found, expected, strict=True)) <= 0.002
        assert reference.size(made) == SIZES[clip]
        assert told.video is not None
        assert (told.video.width, told.video.height, told.video.frames) == (*SIZES[clip], len(expected))
        assert reference.likeness(made, clip, filters) > LIKE
        assert told.size_bytes == made.stat().st_size
        assert told.notes == LEFT_OUT.get(clip, [])
        assert len(told.subtitles) == (clip == sources.SUBTITLED)


@by_name
async def test_renditions_sound_as_long_and_as_late_as_the_source(clip: Path, view: FlowView) -> None:
    heard = reference.track(clip, "audio")
    for told, _ in _renditions(clip, view):
        made = path_of(told.url)
        if heard is None:
            assert reference.track(made, "audio") is None
            assert told.audio is None
            continue
        rate = ("-ar", "44100", "-ac", "2", "-b:a", "64k")
        expected = truth.whole_sound(clip, "a:0", *rate)
        assert abs(truth.samples(made, "a:0") - expected) <= 1024
        assert abs(reference.sound_shift_s(made, clip)) <= 0.005


@by_name
async def test_stills_are_upright_and_show_their_time(clip: Path, view: FlowView) -> None:
    sampled = pictures(view, "sampled_snapshot-1").pictures
    assert len(sampled) == 10
    for still in (*pictures(view, "snapshot_by_time_offset-1").pictures, sampled[5]):
        made = path_of(still.url)
        assert reference.size(made) == (still.width, still.height)
        assert (still.width > still.height) == (SIZES[clip][0] > SIZES[clip][1])
        assert made.stat().st_size == still.size_bytes
        assert reference.picture_likeness(made, clip, reference.on_show(clip, still.time_s)) > 0.9


@by_name
async def test_a_sprite_shows_small_upright_pictures(clip: Path, view: FlowView) -> None:
    told = sprite(view)
    (sheet,) = map(path_of, told.sheet_urls)
    assert (told.width, told.height, told.tiles) == (142, 80, 10)
    assert reference.size(sheet) == (5 * 142, 2 * 80)
    cues = path_of(told.vtt_url).read_text().count(" --> ")
    assert cues == 10
    tile = "scale=142:80:force_original_aspect_ratio=decrease,pad=142:80:(ow-iw)/2:(oh-ih)/2"
    assert view.media is not None and view.media.duration_s is not None
    number = reference.on_show(clip, 0.7 * view.media.duration_s)
    assert reference.picture_likeness(sheet, clip, number, crop="crop=142:80:284:80", frame=tile) > LIKE


@pytest.mark.parametrize("clip", [sources.TRUNCATED], ids=lambda clip: clip.stem)
async def test_a_truncated_file_fails_as_a_whole(clip: Path, view: FlowView) -> None:
    assert view.outcome is Outcome.FAILED
    assert view.code == "SourceFileError.ContentMalformed"
    assert set(failures(view).values()) == {"SourceFileError.ContentMalformed"}
    assert view.media is None


@pytest.mark.parametrize("clip", [sources.NO_FRAMES, sources.SOUND_ONLY], ids=lambda clip: clip.stem)
async def test_pictures_of_a_source_without_any_fail(clip: Path, view: FlowView) -> None:
    assert view.outcome is Outcome.FAILED
    assert set(failures(view).values()) == {"SourceFileError.NoVideoMedia"}
    assert len(failures(view)) == 5


@pytest.mark.parametrize("clip", [sources.NO_FRAMES, sources.SOUND_ONLY], ids=lambda clip: clip.stem)
async def test_the_sound_alone_can_be_had(clip: Path, desk: Desk) -> None:
    view = await desk.done(clip, {"transcode": [{"definition": 100010, "override": {"remove_video": True}}]})
    assert view.outcome is Outcome.SUCCESS
    made = path_of(rendition(view).url)
    assert [stream["codec_type"] for stream in reference.streams(made)] == ["audio"]
    expected = truth.whole_sound(clip, "a:0", "-ar", "44100", "-ac", "2", "-b:a", "64k")
    assert abs(truth.samples(made, "a:0") - expected) <= 1024
