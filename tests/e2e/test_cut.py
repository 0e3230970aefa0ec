"""A source that is cut gives the same as one piece."""

import asyncio
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.flows import FlowView, Outcome
from tests.e2e import reference, sources
from tests.e2e.desk import SMALL, Desk, failures, path_of, rendition
from tests.e2e.rates import believed
from tests.media import truth

OWN_TIMES = {"video": {**SMALL["video"], "fps": 0}}
SOUND = ("-ar", "44100", "-ac", "2", "-b:a", "64k")
LIKE = 0.8


def transcode(*overrides: dict[str, Any]) -> dict[str, Any]:
    return {"transcode": [{"definition": 100010, "override": override} for override in overrides]}


async def check(clip: Path, view: FlowView, number: int, filters: str) -> int:
    """A rendition is what one pass makes; in how many chunks it was made."""
    told = rendition(view, number)
    made = path_of(told.url)
    expected, found = reference.times(clip, filters), reference.times(made)
    assert len(found) == len(expected)
    assert max(abs(one - other) for one, other in zip(found, expected, strict=True)) <= 0.002
    assert reference.likeness(made, clip, filters) > LIKE
    assert abs(truth.samples(made, "a:0") - truth.whole_sound(clip, "a:0", *SOUND)) <= 1024
    assert abs(reference.sound_shift_s(made, clip)) <= 0.005
    assert told.notes == []
    assert told.video is not None
    assert told.video.frames == len(expected)
    return told.chunks


async def test_a_dozen_chunks_are_joined_in_order(desk: Desk, database: Any, tmp_path: Path) -> None:
    """More than ten, so that an order by name would show."""
    source = await asyncio.to_thread(sources.with_many_keys, sources.PLAIN, tmp_path / "keys.mp4")
    async with believed(database, {"h264.h264.small": 120.0}):
        view = await desk.done(source, transcode(SMALL))
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert await check(source, view, 1, "fps=25") >= 11


@pytest.mark.parametrize(
    ("clip", "key", "rate"),
    [
        (sources.VARIABLE_RATE, "h264.h264.small", 180.0),
        (sources.EDIT_LIST, "h264.h264.small", 100.0),
        (sources.LATE_SOUND, "vp9.h264.small", 300.0),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
async def test_a_ladder_is_cut_whatever_its_source_is_like(
    clip: Path, key: str, rate: float, desk: Desk, database: Any
) -> None:
    async with believed(database, {key: rate}):
        view = await desk.done(clip, transcode(SMALL, OWN_TIMES))
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert await check(clip, view, 1, "fps=25") > 1
    assert await check(clip, view, 2, "") > 1


async def test_a_window_is_cut_too(desk: Desk, database: Any) -> None:
    asked = {"definition": 100010, "override": SMALL, "start_time_offset_s": 5, "end_time_offset_s": -5}
    async with believed(database, {"h264.h264.small": 120.0}):
        view = await desk.done(sources.PLAIN, {"transcode": [asked]})
    told = rendition(view)
    assert told.chunks > 1
    assert view.media is not None and view.media.duration_s is not None
    assert abs(told.duration_s - (view.media.duration_s - 10)) <= 0.05
    found = reference.times(path_of(told.url))
    assert [round(time_s, 3) for time_s in found] == [round(float(Fraction(n, 25)), 3) for n in range(len(found))]
