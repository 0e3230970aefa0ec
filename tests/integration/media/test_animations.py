"""Animations: the picture on show at each tick of the window, upright, over and over, whatever the source."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from contracts.codes import INVALID_TIME_OFFSET, RESULT_TOO_LARGE, SOURCE_NO_VIDEO
from contracts.parameters import AnimationFormat
from contracts.subtasks import AnimatedGraphicOutput
from contracts.units import AnimationWork
from services.planner.plan import plan
from services.planner.planned import Fleet
from services.snapshotter.handlers import animate
from services.transcoder.encoders import Tuning
from shared.errors import MediaError
from shared.media import probe
from tests.media import asked, clips, moving, truth
from tests.media.attempt import LocalAttempt
from tests.media.flows import Done, accepted, run
from tests.media.sources import make

FORMATS: list[AnimationFormat] = ["gif", "webp"]
by_format = pytest.mark.parametrize("form", FORMATS)
WINDOWS = {
    "vfr.mp4": (10, (1.0, 2.0)),
    "offset.ts": (5, (1.5, -1.5)),
    "open_gop.mkv": (10, (4.13, 0)),
    "late_picture.mkv": (4, (0, 2)),
    "one_frame.mp4": (2, (0, 0)),
    "ntsc.mov": (23.976, (2, 2.5)),
}


def _made(done: Done) -> tuple[AnimatedGraphicOutput, moving.Moving]:
    assert not done.failed and not done.inexact
    told = done.result("animated_graphic-1", AnimatedGraphicOutput)
    path = Path(unquote(told.url.removeprefix("file://")))
    shown = moving.read(path)
    assert (shown.width, shown.height, path.stat().st_size) == (told.width, told.height, told.size_bytes)
    assert shown.loops == 0
    return told, shown


def _on_show(source: Path, start_s: float, end_s: float, fps: float, container_s: float) -> list[int]:
    """Numbers of the source's pictures on show at each tick; the grid hangs on the window's first picture."""
    late_s = truth.start_s(source, "v:0") - container_s
    times = [frame.time_s + late_s for frame in truth.expected(source, "v:0", "setpts=PTS-STARTPTS,scale=16:16")]
    first = next(time_s for time_s in times if time_s >= start_s - 1e-4) if start_s else times[0]
    count = max(1, round((end_s - first) * fps + 0.4999))
    return [max(n for n, time_s in enumerate(times) if time_s <= first + tick / fps + 0.003) for tick in range(count)]


@by_format
@pytest.mark.parametrize("name", WINDOWS)
async def test_each_picture_is_the_one_on_show_then(name: str, form: AnimationFormat, tmp_path: Path) -> None:
    source, (fps, window) = make(name, tmp_path), WINDOWS[name]
    done = await run(source, tmp_path, [asked.animation(form, fps, window=window)], tuning=Tuning())
    told, shown = _made(done)
    assert (told.width, told.height) == (160, 90)
    assert told.end_time_offset_s is not None and done.media.duration_s is not None
    expected = _on_show(source, told.start_time_offset_s, told.end_time_offset_s, fps, done.media.start_s)
    assert told.frames == pytest.approx(len(expected), abs=0 if window[1] else 1)
    if told.frames > 1:
        assert shown.duration_s == pytest.approx(told.duration_s, abs=0.5 / fps + 0.02)
    originals = moving.pixels(source, "null")
    for tick, number in list(enumerate(expected[: told.frames]))[:: max(1, told.frames // 5)]:
        picture = shown.shown(tick / told.frames * told.duration_s + 0.2 / fps)
        near = range(max(0, number - 1), min(len(originals), number + 2))
        distances = {other: moving.distance(picture, originals[other]) for other in near}
        assert distances[number] == min(distances.values()) < 16, (tick, distances)


@by_format
async def test_a_turned_source_is_upright(form: AnimationFormat, tmp_path: Path) -> None:
    done = await run(clips.PORTRAIT, tmp_path, [asked.animation(form, 4, window=(0.5, 1), height=128)], tuning=Tuning())
    told, shown = _made(done)
    assert (told.width, told.height, told.frames) == (128, 227, 2) and told.height > told.width
    number = _on_show(clips.PORTRAIT, 0.5, 1, 4, done.media.start_s)[0]
    (upright,) = moving.pixels(clips.PORTRAIT, f"select=eq(n\\,{number}),scale={told.width}:{told.height}")
    assert moving.distance(shown.pictures[0], upright) < 8
    (upside_down,) = moving.pixels(
        clips.PORTRAIT, f"select=eq(n\\,{number}),scale={told.width}:{told.height},vflip,hflip"
    )
    assert moving.distance(shown.pictures[0], upside_down) > 16


@pytest.mark.parametrize("clip", clips.FRAMES, ids=lambda clip: clip.stem)
async def test_every_clip(clip: Path, tmp_path: Path) -> None:
    done = await run(clip, tmp_path, [asked.animation("gif", 1, window=(0, 4), height=128)], tuning=Tuning())
    told, shown = _made(done)
    assert told.frames == len(shown.pictures) >= 1
    assert min(told.width, told.height) == 128


async def test_a_still_source_keeps_its_time(tmp_path: Path) -> None:
    done = await run(
        clips.TEST_CARD, tmp_path, [asked.animation("webp", 5, window=(1, 3), height=128)], tuning=Tuning()
    )
    told, shown = _made(done)
    assert (told.frames, told.duration_s) == (10, 2.0)
    assert shown.duration_s == pytest.approx(2, abs=0.4)


@by_format
async def test_without_an_index_it_goes_by_the_clock(form: AnimationFormat, tmp_path: Path) -> None:
    source = make("vfr.mp4", tmp_path)
    media, _ = await probe(source)
    wanted = asked.animation(form, 5, window=(1, 2))
    work = plan(accepted(source, tmp_path / "out", [wanted]), media, None, Fleet()).units[0].work
    assert isinstance(work, AnimationWork)
    made = await animate(work, LocalAttempt(tmp_path / "unit", tmp_path / "scratch", "unit"))
    assert isinstance(made.output, AnimatedGraphicOutput) and made.output.frames == 5
    few = work.model_copy(update={"frames_max": 3})
    with pytest.raises(MediaError, match="too many") as refused:
        await animate(few, LocalAttempt(tmp_path / "unit2", tmp_path / "scratch", "unit2"))
    assert refused.value.code == RESULT_TOO_LARGE


@pytest.mark.parametrize(
    ("clip", "window", "code"),
    [(clips.SOUND_ONLY, (0.0, 0.0), SOURCE_NO_VIDEO), (clips.TEST_CARD, (99.0, 0.0), INVALID_TIME_OFFSET)],
)
async def test_refusals(clip: Path, window: tuple[float, float], code: str, tmp_path: Path) -> None:
    done = await run(clip, tmp_path, [asked.animation(window=window)], tuning=Tuning())
    assert {name: error.code for name, error in done.failed.items()} == {"animated_graphic-1": code}
