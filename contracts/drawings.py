"""Marks to draw, as a unit carries them. Internal; other systems don't need it."""

from typing import Literal

from .model import Model
from .rational import Rational
from .watermarks import Mark

Coding = Literal["bt601", "bt709", "pq", "hlg"]
"""How the picture's colours are coded: SDR by its matrix, HDR (BT.2020) by its transfer."""


class Drawing(Model):
    """A mark on the pictures of `start_s` <= time < `end_s`, in seconds as the picture's time stamps have them.

    That is before the pictures are moved to the output's 0: ticks count from `first_pts` when there is a frame rate,
    else they are the source's. So a mark's times are the same in every chunk. None: open. An animation begins at
    `zero_s`.
    """

    mark: Mark
    zero_s: Rational
    start_s: Rational | None = None
    end_s: Rational | None = None
    coding: Coding = "bt601"
