"""Offsets to windows and moments."""

import pytest

from contracts.codes import INVALID_TIME_OFFSET
from services.planner.windows import Window, moment, window
from shared.errors import MediaError
from tests.media.made_up import media


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 0, Window()),
        (2, 5, Window(2, 5)),
        (-3, 0, Window(57)),
        (-3, -1, Window(57, 59)),
        (0, 99, Window()),
        (-99, 10, Window(0, 10)),
    ],
)
def test_windows(start: float, end: float, expected: Window) -> None:
    assert window(start, end, media(60)) == expected


@pytest.mark.parametrize(("start", "end"), [(60, 0), (5, 5), (5, 2), (59, -2), (0, -60)])
def test_impossible_windows(start: float, end: float) -> None:
    with pytest.raises(MediaError) as caught:
        window(start, end, media(60))
    assert caught.value.code == INVALID_TIME_OFFSET


def test_moments() -> None:
    assert [moment(text, media(60)) for text in ("0s", "3.5s", "-2s", "10%", "100%")] == [0, 3.5, 58, 6, 60]
    for text in ("61s", "-61s"):
        with pytest.raises(MediaError):
            moment(text, media(60))
