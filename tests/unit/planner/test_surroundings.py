"""What a chunk's encoder sees beyond its chunk."""

from fractions import Fraction

import pytest

from contracts.units import Framing, VideoEncode
from services.planner.span import Span
from services.planner.surroundings import LEAD_IN, LONG_LEAD_IN, LOOK_AHEAD, earliest, surrounded
from services.planner.windows import Window
from shared.index import built
from tests.media.made_up import index

SMALL = Framing(width=640, height=360, scale_width=640, scale_height=360)
SPAN = Span.of(Window(), 0.0, index(60))
"""25 pictures a second, 40 ticks of a thousandth each."""


def encode(**asked: object) -> VideoEncode:
    return VideoEncode.model_validate({"framing": SMALL, "vcrf": 23, **asked})


def led(first: int, stop: int, **asked: object) -> VideoEncode:
    return surrounded(SPAN, SPAN.bounded(encode(**asked), first, stop), first, stop)


def test_its_own_times() -> None:
    made = led(500, 750)
    assert (made.lead_in, made.lead_in_start) == (LEAD_IN, (500 - LEAD_IN) * 40 - 20)
    assert made.look_ahead_end == (750 + LOOK_AHEAD) * 40 - 20
    assert earliest(SPAN, [made], 500) == 500 - LEAD_IN


def test_another_rate() -> None:
    made = led(500, 750, fps=Fraction(10))
    assert (made.start, made.lead_in_start, made.lead_in) == (200, 200 - LEAD_IN, LEAD_IN)
    assert made.end is not None and made.look_ahead_end == made.end + LOOK_AHEAD
    begin = earliest(SPAN, [made, led(500, 750)], 500)
    assert SPAN.tick(begin, Fraction(10)) <= 200 - LEAD_IN < SPAN.tick(begin + 3, Fraction(10))


def test_near_the_ends_there_is_less() -> None:
    assert led(5, 750).lead_in == 5
    first = led(0, 750)
    assert (first.lead_in, first.lead_in_start, first.look_ahead_end is not None) == (0, None, True)
    assert earliest(SPAN, [first], 0) == 0
    assert led(750, len(SPAN.index)).look_ahead_end is None
    assert led(750, len(SPAN.index) - 3).look_ahead_end is None


def test_no_look_behind_a_change_of_scene() -> None:
    packets = [(n * 40, n in {*range(0, 740, 50), *range(740, 1500, 50)}, 100) for n in range(1500)]
    cut = built(Fraction(1, 1000), packets, 40, clock_may_jump=False)
    assert cut is not None
    span = Span.of(Window(), 0.0, cut)
    at_change, elsewhere = (surrounded(span, span.bounded(encode(), 500, stop), 500, stop) for stop in (740, 790))
    assert at_change.look_ahead_end == at_change.end
    assert elsewhere.end is not None and elsewhere.look_ahead_end == elsewhere.end + LOOK_AHEAD * 40


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, LEAD_IN),
        ({"codec": "h265"}, LEAD_IN),
        ({"codec": "h265", "vcrf": None, "bitrate_kbps": 400}, 0),
        ({"codec": "h265", "vcrf": None, "bitrate_kbps": 400, "mode": "cbr"}, LONG_LEAD_IN),
        ({"vcrf": None, "bitrate_kbps": 400}, 0),
        ({"codec": "vp9"}, LEAD_IN),
        ({"codec": "vp9", "vcrf": None, "bitrate_kbps": 400}, LONG_LEAD_IN),
        ({"codec": "vp9", "vcrf": None, "bitrate_kbps": 400, "fps": Fraction(25)}, 0),
        ({"codec": "av1"}, 0),
        ({"key_every_s": Fraction(2)}, 0),
    ],
)
def test_who_gets_a_lead_in(asked: dict[str, object], expected: int) -> None:
    assert led(500, 750, **asked).lead_in == expected
