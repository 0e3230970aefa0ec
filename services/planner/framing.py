"""Sizes: from the upright source picture to the output's. Pure. Rule: reference section C, "Size rule"."""

from fractions import Fraction

from contracts.media import VideoStream
from contracts.parameters import Adaptive, FillType
from contracts.units import Framing

LARGEST_SIDE = 8192
"""No side gets longer, however long and thin the source is; both then shrink together."""


def framing(video: VideoStream, width: int, height: int, adaptive: Adaptive, fill: FillType, *, even: bool) -> Framing:
    """How the picture gets to the asked size.

    `adaptive` open: `width` is the long side, `height` the short one. A 0 follows proportionally. When both are given
    they hold exactly, and `fill` tells what becomes of another aspect. `even`: whole chroma samples (4:2:0).
    """
    if adaptive == "open" and video.display_height > video.display_width:
        width, height = height, width
    aspect = Fraction(video.display_width, video.display_height)
    if width and height:
        width, height = _snapped(width, even), _snapped(height, even)
        scaled = (width, height) if fill == "stretch" else _inside(width, height, aspect, even)
        return Framing(width=width, height=height, scale_width=scaled[0], scale_height=scaled[1], fill=fill)
    if not width and not height:
        size = (Fraction(video.display_width), Fraction(video.display_height))
    elif width:
        size = (Fraction(width), width / aspect)
    else:
        size = (height * aspect, Fraction(height))
    shrink = min(Fraction(1), LARGEST_SIDE / max(size))
    width, height = (_snapped(side * shrink, even) for side in size)
    return Framing(width=width, height=height, scale_width=width, scale_height=height, fill="stretch")


def _inside(width: int, height: int, aspect: Fraction, even: bool) -> tuple[int, int]:
    """The largest size of an aspect within width x height; bars under one step wide are not worth having."""
    step = 2 if even else 1
    inner_width, inner_height = _snapped(height * aspect, even), _snapped(width / aspect, even)
    return (
        width if inner_width > width - step else inner_width,
        height if inner_height > height - step else inner_height,
    )


def _snapped(side: int | Fraction, even: bool) -> int:
    """The nearest whole (even) number of pixels."""
    step = 2 if even else 1
    return max(step, round(Fraction(side) / step) * step)
