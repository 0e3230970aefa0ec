"""Plans of covers."""

from pathlib import Path

import pytest

from contracts.codes import INVALID_TIME_OFFSET
from contracts.subtasks import Cover
from contracts.tasks import PositionType
from contracts.units import PicturesWork
from services.planner.plan import plan
from services.planner.planned import Fleet, Plan
from tests.media.asked import cover
from tests.media.flows import accepted
from tests.media.made_up import index, media


def _plan(asked: Cover) -> Plan:
    return plan(accepted(Path("/in/film.mp4"), Path("/out"), [asked]), media(60), index(60), Fleet())


@pytest.mark.parametrize(("kind", "value"), [("percent", 50), ("time", 30)])
def test_one_picture_by_a_jump(kind: PositionType, value: float) -> None:
    made = _plan(cover().model_copy(update={"position_type": kind, "position_value": value}))
    main, clock = (unit.work for unit in made.units)
    assert isinstance(main, PicturesWork) and isinstance(clock, PicturesWork)
    assert [unit.fallback for unit in made.units] == [False, True]
    (shot,) = main.shots
    assert (shot.time_s, shot.start, shot.end, shot.seek_s) == (30, 29_980, 30_020, 30.25)
    assert shot.url == "file:///out/film_coverBySnapshot_10.png"
    assert (main.makes, clock.times) == ("cover_by_snapshot", "mended")


def test_a_time_beyond_the_source_is_refused() -> None:
    made = _plan(cover().model_copy(update={"position_type": "time", "position_value": 61}))
    assert made.failed["cover_by_snapshot-1"].code == INVALID_TIME_OFFSET
