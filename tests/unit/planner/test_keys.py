"""Key pictures of a chunk."""

from fractions import Fraction

import pytest

from contracts.units import Framing, VideoEncode
from services.planner.keys import spread

SMALL = Framing(width=640, height=360, scale_width=640, scale_height=360)


@pytest.mark.parametrize(
    ("codec", "pictures", "gop"),
    [
        ("h264", 250, 0),
        ("h264", 275, 275),
        ("h264", 330, 250),
        ("h265", 600, 300),
        ("vp9", 283, 142),
        ("vp9", 1000, 143),
        ("av1", 283, 0),
    ],
)
def test_no_key_picture_just_before_a_seam(codec: str, pictures: int, gop: int) -> None:
    assert spread(VideoEncode.model_validate({"framing": SMALL, "codec": codec}), pictures).gop == gop


def test_what_was_asked_stays() -> None:
    assert spread(VideoEncode(framing=SMALL, gop=50), 275).gop == 50
    assert spread(VideoEncode(framing=SMALL, key_every_s=Fraction(2)), 275).gop == 0


def test_whole_scenes_get_the_key_pictures_that_they_have_in_one_piece() -> None:
    assert spread(VideoEncode(framing=SMALL), 275, scenes=True).gop == 0
    assert spread(VideoEncode(framing=SMALL, scenecut=False), 275, scenes=True).gop == 275
    assert spread(VideoEncode(framing=SMALL, codec="vp9"), 283, scenes=True).gop == 142
