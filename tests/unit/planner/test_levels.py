"""What a level reaches to."""

from fractions import Fraction

import pytest

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.fitting import VideoCodec
from contracts.units import Framing
from services.planner.levels import check_level
from shared.errors import MediaError


def _check(codec: VideoCodec, level: str, width: int, height: int, rate: int | None, kbps: int) -> None:
    framing = Framing(width=width, height=height, scale_width=width, scale_height=height)
    check_level(codec, level, framing, None if rate is None else Fraction(rate), kbps)


@pytest.mark.parametrize(
    ("codec", "level", "width", "height", "rate", "kbps"),
    [
        ("h264", "3", 720, 576, 25, 12_500),
        ("h264", "4", 1920, 1080, 30, 25_000),
        ("h264", "4.2", 1920, 1080, 60, 0),
        ("h265", "4", 1920, 1080, 30, 12_000),
        ("h265", "5.1", 3840, 2160, 60, 40_000),
        ("h264", "5.1", 3840, 2160, None, 0),
    ],
)
def test_within(codec: VideoCodec, level: str, width: int, height: int, rate: int | None, kbps: int) -> None:
    _check(codec, level, width, height, rate, kbps)


@pytest.mark.parametrize(
    ("codec", "level", "width", "height", "rate", "kbps", "what"),
    [
        ("h264", "3", 1280, 720, 25, 0, "1280 x 720 pixels"),
        ("h264", "4", 1920, 1080, 60, 0, "1920 x 1080 pixels at 60 pictures a second"),
        ("h264", "4", 1920, 1080, 30, 25_001, "25001 kbps"),
        ("h264", "3", 8192, 16, 25, 0, "8192 x 16 pixels"),
        ("h265", "4", 3840, 2160, 25, 0, "3840 x 2160 pixels"),
        ("h265", "4", 1920, 1080, 60, 0, "at 60 pictures a second"),
        ("h265", "4", 1920, 1080, 30, 12_001, "12001 kbps"),
    ],
)
def test_beyond(codec: VideoCodec, level: str, width: int, height: int, rate: int | None, kbps: int, what: str) -> None:
    with pytest.raises(MediaError) as caught:
        _check(codec, level, width, height, rate, kbps)
    assert caught.value.code == CONFIGURATION_UNSUPPORTED
    assert what in caught.value.message
