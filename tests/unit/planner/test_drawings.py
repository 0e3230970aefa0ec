"""When marks are on show: their times in the pictures' own time stamps, by the index and by the clock."""

from fractions import Fraction
from typing import Any

import pytest

from contracts.codes import INVALID_TIME_OFFSET
from contracts.colours import SDR, Colours
from contracts.drawings import Coding
from contracts.media import MediaInfo
from contracts.subtasks import Transcode
from contracts.units import Framing, VideoEncode
from contracts.watermarks import ImageWatermark, Mosaic
from services.planner.drawings import by_clock, check_times, coding, drawings, drawn
from services.planner.span import Span
from services.planner.windows import Window
from shared.errors import MediaError
from tests.media.asked import rendition
from tests.media.made_up import index, media

FILM = media(10, start_s=5)
FRAMING = Framing(width=64, height=36, scale_width=64, scale_height=36)
Times = tuple[Fraction, Fraction | None, Fraction | None]


def marked(*times: tuple[float, float]) -> Transcode:
    marks = [Mosaic(start_time_offset_s=start, end_time_offset_s=end) for start, end in times]
    return rendition(1).model_copy(update={"mosaics": marks})


def span(window: Window, first_s: float = 5) -> Span:
    return Span.of(window, 5.0, index(10 - (first_s - 5), start_s=first_s))


def times(video: VideoEncode) -> list[Times]:
    return [(one.zero_s, one.start_s, one.end_s) for one in video.drawings]


def encode(**members: Any) -> VideoEncode:
    return VideoEncode(framing=FRAMING, **members)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((0, 0), (Fraction(6), None, None)),
        ((1, 2.5), (Fraction(7), Fraction(7), Fraction(17, 2))),
        ((-1, 0), (Fraction(8), Fraction(8), None)),
        ((-2, -1), (Fraction(7), Fraction(7), Fraction(8))),
        ((-60, 1), (Fraction(6), None, Fraction(7))),
        ((0.1, 0), (Fraction(61, 10), Fraction(61, 10), None)),
    ],
)
def test_times_count_from_the_window_s_start(asked: tuple[float, float], expected: Times) -> None:
    """Seconds 1 to 4 of a film whose time stamps begin at 5; negative ones from the window's end."""
    window = Window(1.0, 4.0)
    assert times(drawn(encode(), marked(asked), window, span(window), FILM)) == [expected]


def test_what_is_never_on_show_is_left_out() -> None:
    window = Window(1.0, 4.0)
    asked = marked((3, 0), (2, 1), (-1, 1.5), (2.9, 0))
    assert times(drawn(encode(), asked, window, span(window), FILM)) == [(Fraction(89, 10), Fraction(89, 10), None)]


def test_at_a_rate_ticks_count_from_the_first_picture() -> None:
    """It comes 0.5 s behind the film's start: the mark of second 1 is half a second behind it."""
    video = drawn(encode(fps=Fraction(25)), marked((1, 0)), Window(), span(Window(), 5.5), FILM)
    assert times(video) == [(Fraction(1, 2), Fraction(1, 2), None)]


@pytest.mark.parametrize("fps", [None, Fraction(25)])
def test_by_the_clock_times_count_from_the_container_s_start(fps: Fraction | None) -> None:
    window = Window(1.0, 4.0)
    indexed = span(window, 5.5)
    video = by_clock(drawn(encode(fps=fps), marked((1, 2), (0, 0)), window, indexed, FILM), window, indexed)
    assert times(video) == [(Fraction(2), Fraction(2), Fraction(3)), (Fraction(1), None, None)]
    assert times(drawn(encode(fps=fps), marked((1, 2), (0, 0)), window, None, FILM)) == times(video)


def test_before_an_unknown_end_is_nowhere() -> None:
    endless = MediaInfo.model_validate(FILM.model_dump() | {"duration_s": None})
    for asked in (marked((-1, 0)), marked((0, -1))):
        with pytest.raises(MediaError) as caught:
            check_times(asked, Window(), endless)
        assert caught.value.code == INVALID_TIME_OFFSET
    check_times(marked((1, 2)), Window(), endless)
    check_times(marked((-1, 0)), Window(0.0, 4.0), endless)


def test_mosaics_lie_below_watermarks() -> None:
    mark = ImageWatermark(url="file:///m.png")
    asked = marked((0, 0)).model_copy(update={"watermarks": [mark]})
    assert [type(one.mark) for one in drawn(encode(), asked, Window(), None, FILM).drawings] == [Mosaic, ImageWatermark]
    assert drawn(encode(), marked(), Window(), None, FILM) == encode()


@pytest.mark.parametrize(
    ("colours", "expected"),
    [
        (None, "bt601"),
        (SDR, "bt709"),
        (Colours(matrix="smpte170m"), "bt601"),
        (Colours(matrix="bt470bg"), "bt601"),
        (Colours(matrix="bt2020nc", transfer="smpte2084", primaries="bt2020"), "pq"),
        (Colours(matrix="bt2020nc", transfer="arib-std-b67", primaries="bt2020"), "hlg"),
    ],
)
def test_how_they_are_coded(colours: Colours | None, expected: Coding) -> None:
    assert coding(colours) == expected
    assert drawings([Mosaic()], Fraction(0), None, coding(colours))[0].coding == expected
    assert drawn(encode(colours=colours), marked((0, 0)), Window(), None, FILM).drawings[0].coding == expected
