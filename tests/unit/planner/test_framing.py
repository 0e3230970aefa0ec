"""The size rule."""

import pytest

from contracts.parameters import Adaptive
from contracts.units import Framing
from services.planner.framing import framing
from tests.media.made_up import picture


@pytest.mark.parametrize(
    ("source", "asked", "adaptive", "expected"),
    [
        ((1920, 1080), (0, 0), "open", (1920, 1080)),
        ((321, 181), (0, 0), "open", (320, 180)),
        ((1920, 1080), (0, 720), "open", (1280, 720)),
        ((1080, 1920), (0, 720), "open", (720, 1280)),
        ((1080, 1920), (0, 720), "close", (404, 720)),
        ((640, 480), (1280, 0), "close", (1280, 960)),
        ((8000, 16), (0, 720), "open", (8192, 16)),
    ],
)
def test_proportional(
    source: tuple[int, int], asked: tuple[int, int], adaptive: Adaptive, expected: tuple[int, int]
) -> None:
    made = framing(picture(*source), *asked, adaptive, "black", even=True)
    assert (made.width, made.height) == (made.scale_width, made.scale_height) == expected


def test_bars() -> None:
    made = framing(picture(1920, 1080), 640, 640, "close", "black", even=True)
    assert made == Framing(width=640, height=640, scale_width=640, scale_height=360, fill="black")
    upright = framing(picture(1080, 1920), 1280, 720, "open", "white", even=True)
    assert upright == Framing(width=720, height=1280, scale_width=720, scale_height=1280, fill="white")
    tile = framing(picture(1920, 1080), 142, 80, "close", "stretch", even=False)
    assert (tile.scale_width, tile.scale_height) == (142, 80)
