"""How the bits of an average rate are dealt out to chunks."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.units import Framing, VideoEncode
from services.planner.bits import LEAST, MOST, dealt, shares
from services.planner.span import Span
from services.planner.windows import Window
from shared.index import built

MS = Fraction(1, 1000)

SMALL = Framing(width=640, height=360, scale_width=640, scale_height=360)


def span(*sizes: int, known: bool = True) -> Span:
    """Stretches of 50 pictures in two seconds, each from a key picture on, of so many bytes."""
    packets = [(n * 40, n % 50 == 0, sizes[n // 50] // 50 if known else 0) for n in range(50 * len(sizes))]
    index = built(MS, packets, 40, clock_may_jump=False)
    assert index is not None
    return Span.of(Window(), 0.0, index)


def test_a_chunk_gets_bits_as_a_power_of_what_the_source_has_there() -> None:
    uneven = span(4000, 4000, 1000, 1000), [0, 100, 200]
    assert shares(*uneven, 0.5) == [pytest.approx(4 / 3, abs=0.001), pytest.approx(2 / 3, abs=0.001)]
    assert shares(span(3000, 2000), [0, 50, 100], 1.0) == [1.2, 0.8]
    assert shares(span(1000, 1000, 1000), [0, 70, 150], 1.0) == [1.0, 1.0]


def test_no_share_is_out_of_bounds() -> None:
    assert shares(span(50, 100_000), [0, 50, 100], 0.5)[0] == pytest.approx(LEAST, rel=0.1)
    assert shares(span(*[1000] * 9, 90_000), [0, 450, 500], 0.5)[1] == MOST


def test_a_source_that_tells_nothing_leaves_them_equal() -> None:
    assert shares(span(1000, 5000, known=False), [0, 50, 100], 0.5) == [1.0, 1.0]
    assert shares(span(1000, 5000), [0, 100], 0.5) == [1.0]


@given(st.lists(st.integers(50, 10**9), min_size=2, max_size=12))
def test_together_they_are_no_more_than_was_asked_for(sizes: list[int]) -> None:
    made = shares(span(*sizes), [50 * n for n in range(len(sizes) + 1)], 0.5)
    assert sum(made) <= len(made) * 1.001
    assert all(0 < one <= MOST for one in made)


@pytest.mark.parametrize("asked", [{"vcrf": 20}, {"bitrate_kbps": 0}, {"mode": "cbr"}, {"codec": "av1"}])
def test_what_has_no_rate_to_deal_out_stays_as_it_is(asked: dict[str, object]) -> None:
    video = VideoEncode.model_validate({"framing": SMALL, "bitrate_kbps": 1000, **asked})
    assert dealt(span(3000, 2000), [0, 50, 100], video) == [video, video]


def test_a_share_leaves_the_peak_alone() -> None:
    video = VideoEncode(framing=SMALL, codec="vp9", bitrate_kbps=1000)
    made = dealt(span(3000, 2000), [0, 50, 100], video)
    assert [(one.average_kbps, one.bitrate_kbps) for one in made] == [(1200, 1000), (800, 1000)]
