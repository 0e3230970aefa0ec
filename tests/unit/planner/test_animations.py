"""Plans of animations: windows, ticks, bounds."""

from fractions import Fraction
from pathlib import Path

import pytest

from contracts.codes import INVALID_TIME_OFFSET, RESULT_TOO_LARGE, SOURCE_NO_VIDEO
from contracts.media import MediaInfo
from contracts.subtasks import AnimatedGraphic
from contracts.units import AnimationWork, Framing
from services.planner.animations import most_frames
from services.planner.plan import plan
from services.planner.planned import Fleet, Plan
from shared.index import PacketIndex
from tests.media.asked import animation
from tests.media.flows import accepted
from tests.media.made_up import index, media


def _plan(asked: AnimatedGraphic, source: MediaInfo, packets: PacketIndex | None) -> Plan:
    return plan(accepted(Path("/in/film.mp4"), Path("/out"), [asked]), source, packets, Fleet())


def _works(made: Plan) -> list[AnimationWork]:
    assert not made.failed
    return [unit.work for unit in made.units if isinstance(unit.work, AnimationWork)]


def test_a_window_by_the_index_and_by_the_clock() -> None:
    made = _plan(animation(window=(10.01, 12), height=180), media(60, start_s=3), index(60, start_s=3))
    assert [(unit.unit_id, unit.group, unit.fallback) for unit in made.units] == [
        ("animation-animated_graphic-1", "animation-animated_graphic-1", False),
        ("animation-animated_graphic-1-by-clock", "animation-animated_graphic-1", True),
    ]
    exact, clock = _works(made)
    assert (exact.video.first_pts, exact.video.seek_s, exact.zero_pts) == (13_040, 12.5, 13_045)
    assert (exact.start, exact.end, exact.frames_min, exact.frames_max) == (0, 4, 4, 4)
    assert exact.framing == Framing(width=320, height=180, scale_width=320, scale_height=180, fill="stretch")
    assert (exact.url, exact.start_s, exact.end_s) == ("file:///out/film_animatedGraphic_20000.gif", 10.01, 12)
    assert (clock.times, clock.video.seek_s, clock.zero_pts) == ("mended", None, 5)
    assert (clock.start, clock.end, clock.frames_min, clock.frames_max) == (21, 24, 1, 1000)


@pytest.mark.parametrize(
    ("fps", "seconds", "counts"), [(2, 4, (8, 10)), (2, 0.04, (1, 3)), (1, 1.04, (1, 4)), (29.97, 1, (29, 32))]
)
def test_to_the_end_there_are_as_many_pictures_as_ticks(fps: float, seconds: float, counts: tuple[int, int]) -> None:
    work = _works(_plan(animation(fps=fps), media(seconds), index(seconds)))[0]
    assert work.end is None
    assert (work.frames_min, work.frames_max) == counts
    assert work.fps == (Fraction(30000, 1001) if fps == 29.97 else fps)


def test_a_turned_source_is_asked_for_by_its_sides() -> None:
    turned = media(4).video
    assert turned is not None
    turned = turned.model_copy(update={"rotation_deg": 90, "display_width": 1080, "display_height": 1920})
    size = _works(_plan(animation(height=180), media(4, turned), index(4)))[0].framing
    assert (size.width, size.height) == (180, 320)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (animation(fps=30), RESULT_TOO_LARGE),
        (animation(fps=5, height=128), RESULT_TOO_LARGE),
        (animation(window=(601, 0)), INVALID_TIME_OFFSET),
        (animation(window=(5, -596)), INVALID_TIME_OFFSET),
    ],
)
@pytest.mark.parametrize("packets", [index(600), None], ids=["index", "clock"])
def test_refusals(asked: AnimatedGraphic, code: str, packets: PacketIndex | None) -> None:
    made = _plan(asked, media(600), packets)
    assert not made.units
    assert made.failed["animated_graphic-1"].code == code


def test_bounds() -> None:
    assert [most_frames(Framing(width=w, height=h, scale_width=w, scale_height=h)) for w, h in SIZES] == [241, 60, 1000]
    assert _works(_plan(animation(window=(5, 125)), media(600), index(600)))[0].frames_max == 240
    without_length = media(600).model_copy(update={"duration_s": None})
    assert _works(_plan(animation(), without_length, None))[0].frames_max == 241


SIZES = [(1920, 1080), (3840, 2160), (320, 180)]


def test_no_picture() -> None:
    heard = media(4).model_copy(update={"video": None, "frames": None})
    assert _plan(animation(), heard, None).failed["animated_graphic-1"].code == SOURCE_NO_VIDEO
