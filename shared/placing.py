"""Where a mark lies on a picture, in whole pixels. Pure."""

import math
from dataclasses import dataclass
from fractions import Fraction

from contracts.watermark_parameters import CoordinateOrigin

LONGEST = 8192
"""No side of a mark gets longer by keeping its ratio."""


@dataclass(frozen=True)
class Box:
    """A rectangle; `x`, `y` may lie outside of the picture."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The column behind it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The row below it."""
        return self.y + self.height

    def on(self, width: int, height: int) -> "Box | None":
        """The part of it that lies on a picture; None when there is none."""
        left, top = max(0, self.x), max(0, self.y)
        right, bottom = min(self.right, width), min(self.bottom, height)
        return Box(left, top, right - left, bottom - top) if left < right and top < bottom else None

    def even(self) -> "Box":
        """The smallest box around it that covers whole chroma samples (4:2:0)."""
        left, top = self.x & ~1, self.y & ~1
        return Box(left, top, (self.right - left + 1) & ~1, (self.bottom - top + 1) & ~1)


def pixels(length: str, width: int, height: int, *, along: int) -> int:
    """A length in pixels on a picture of width x height; `along` is the side that a plain % is of."""
    if length.endswith("px"):
        return int(length[:-2])
    sides = {"W": width, "H": height, "S": min(width, height), "L": max(width, height)}
    side = sides.get(length[-2], along)
    return _nearest(Fraction(length.rstrip("WHSL%")) * side / 100)


def sized(asked_width: int, asked_height: int, natural_width: int, natural_height: int) -> tuple[int, int]:
    """The size of what is `natural_*` large by itself; an asked side of 0 follows the other, both 0: as it is."""
    if asked_width and asked_height:
        return asked_width, asked_height
    if asked_width:
        return asked_width, _bounded(Fraction(asked_width * natural_height, natural_width))
    if asked_height:
        return _bounded(Fraction(asked_height * natural_width, natural_height)), asked_height
    return natural_width, natural_height


def placed(origin: CoordinateOrigin, x: int, y: int, size: tuple[int, int], picture: tuple[int, int]) -> Box:
    """The box of a mark whose own corner, the origin's, is `x`, `y` from the same corner of the picture."""
    (width, height), (full_width, full_height) = size, picture
    left = full_width - x - width if origin.endswith("right") else x
    top = full_height - y - height if origin.startswith("bottom") else y
    return Box(left, top, width, height)


def _bounded(side: Fraction) -> int:
    return max(1, min(LONGEST, _nearest(side)))


def _nearest(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))
