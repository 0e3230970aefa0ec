"""The size rule over all sizes, shapes of pixels and wishes: whole chroma samples, aspect within one pixel."""

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.planner.framing import LARGEST_SIDE, framing
from tests.media.made_up import picture

sides = st.one_of(st.integers(1, 64), st.integers(1, 16_384))
wishes = st.one_of(st.just(0), st.integers(32, LARGEST_SIDE))


@given(
    sides,
    sides,
    wishes,
    wishes,
    st.sampled_from(["open", "close"]),
    st.sampled_from(["black", "stretch"]),
    st.booleans(),
)
def test_any(width: int, height: int, wide: int, high: int, adaptive: Any, fill: Any, even: bool) -> None:
    source, step = picture(width, height), 2 if even else 1
    made = framing(source, wide, high, adaptive, fill, even=even)
    for side in (made.width, made.height, made.scale_width, made.scale_height):
        assert side % step == 0 and step <= side <= LARGEST_SIDE
    assert made.scale_width <= made.width and made.scale_height <= made.height
    if wide and high:
        turned = adaptive == "open" and height > width
        asked = (high, wide) if turned else (wide, high)
        assert all(abs(one - other) <= step / 2 for one, other in zip((made.width, made.height), asked, strict=True))
    if fill == "stretch" and wide and high:
        return
    aspect = Fraction(width, height)
    off = min(abs(made.scale_width - made.scale_height * aspect), abs(made.scale_height - made.scale_width / aspect))
    least = min(made.scale_width, made.scale_height) == step
    assert off <= step or least, (made, float(off))
