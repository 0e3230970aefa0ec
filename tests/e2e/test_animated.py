"""Animations and covers through the whole system: the pictures on show, refusals with a code, the command line."""

from pathlib import Path
from typing import Any

from contracts.flows import FlowView, Outcome
from contracts.subtasks import AnimatedGraphicOutput, CoverOutput
from tests.e2e import reference, sources
from tests.e2e.desk import Desk, failures, path_of, subtask_of
from tests.e2e.test_cli import Cli
from tests.media import moving

SMALL = {"override": {"height": 128, "fps": 4}}
BOTH: dict[str, Any] = {
    "animated_graphic": [
        {"definition": 20000, "start_time_offset_s": 0.5, "end_time_offset_s": 1.5, **SMALL},
        {"definition": 20001, "start_time_offset_s": -1.0, **SMALL},
    ],
    "cover_by_snapshot": [
        {"position_type": "percent", "position_value": 50},
        {"position_type": "time", "position_value": 1, "override": {"format": "webp", "height": 64, "width": 64}},
    ],
}


def animation(view: FlowView, number: int) -> tuple[AnimatedGraphicOutput, moving.Moving]:
    """What an animation's subtask made."""
    told = subtask_of(view, f"animated_graphic-{number}").output
    assert isinstance(told, AnimatedGraphicOutput)
    return told, moving.read(path_of(told.url))


def cover(view: FlowView, number: int) -> CoverOutput:
    """What a cover's subtask made."""
    told = subtask_of(view, f"cover_by_snapshot-{number}").output
    assert isinstance(told, CoverOutput)
    return told


async def test_animations_and_covers_of_a_turned_source(desk: Desk) -> None:
    view = await desk.done(sources.PORTRAIT, BOTH)
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    told, shown = animation(view, 1)
    assert path_of(told.url).name == f"{sources.PORTRAIT.stem}_animatedGraphic_20000.gif"
    assert (told.container, told.width, told.height, told.frames, told.duration_s) == ("gif", 128, 227, 4, 1.0)
    assert (told.start_time_offset_s, told.end_time_offset_s) == (0.5, 1.5)
    assert (shown.width, shown.height, shown.loops, len(shown.pictures)) == (128, 227, 0, 4)
    number = reference.on_show(sources.PORTRAIT, 0.5)
    assert _nearest(shown.pictures[0], sources.PORTRAIT, range(number - 6, number + 14, 3)) in (number, number + 3)

    told, shown = animation(view, 2)
    assert (told.container, shown.width, shown.height, shown.loops) == ("webp", 128, 227, 0)
    assert told.frames >= len(shown.pictures) > 1

    first, second = cover(view, 1), cover(view, 2)
    assert path_of(first.url).name == f"{sources.PORTRAIT.stem}_coverBySnapshot_10.jpg"
    assert reference.size(path_of(first.url)) == (first.width, first.height)
    assert first.height > first.width
    number = reference.on_show(sources.PORTRAIT, first.time_s)
    assert reference.picture_likeness(path_of(first.url), sources.PORTRAIT, number) > 0.9
    assert path_of(second.url).name == f"{sources.PORTRAIT.stem}_coverBySnapshot_10-2.webp"
    assert reference.size(path_of(second.url)) == (64, 64)


def _nearest(picture: bytes, source: Path, numbers: range) -> int:
    chosen = "+".join(f"eq(n\\,{number})" for number in numbers)
    originals = moving.pixels(source, f"select={chosen},scale=128:227")
    distances = [moving.distance(picture, one) for one in originals]
    return numbers[distances.index(min(distances))]


async def test_what_cannot_be_is_refused_with_a_code(desk: Desk) -> None:
    tasks = {
        "animated_graphic": [
            {"definition": 20000, "start_time_offset_s": 100},
            {"definition": 20000, "override": {"fps": 30, "width": 4096, "height": 4096}},
        ],
        "cover_by_snapshot": [
            {"position_type": "time", "position_value": 100},
            {"position_type": "percent", "position_value": 100},
        ],
    }
    view = await desk.done(sources.SHORT, tasks)
    assert view.outcome is Outcome.PARTIAL
    assert failures(view) == {
        "animated_graphic-1": "InvalidInput.InvalidTimeOffset",
        "animated_graphic-2": "InvalidInput.ResultFileSizeTooLarge",
        "cover_by_snapshot-1": "InvalidInput.InvalidTimeOffset",
    }


async def test_from_the_command_line(desk: Desk) -> None:
    flags = ["--animated", "20001@0.5-1.5", "--cover", "10@50%", "--wait"]
    _, ended = await Cli(desk).json("submit", desk.put_in(sources.SHORT), *flags)
    assert ended["outcome"] == "success"
    moved, still = (subtask["output"] for subtask in ended["subtasks"])
    assert (moved["kind"], moved["frames"], moved["duration_s"]) == ("animated_graphic", 2, 1.0)
    assert still["kind"] == "cover_by_snapshot"
    assert path_of(still["url"]).is_file() and path_of(moved["url"]).is_file()
