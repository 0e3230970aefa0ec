"""Levels of pictures that are joined under one header."""

from fractions import Fraction

from contracts.units import VideoEncode
from services.planner.row_levels import level


def test_one_level_holds_for_every_rate() -> None:
    def of(codec: str, height: int, rate: int, kbps: int = 0, asked_level: str = "") -> str:
        size = {"width": height * 16 // 9, "height": height}
        shape = {**size, **{f"scale_{name}": value for name, value in size.items()}}
        asked = VideoEncode.model_validate(
            {"codec": codec, "framing": shape, "bitrate_kbps": kbps, "level": asked_level}
        )
        return level(asked, [Fraction(24), Fraction(rate), None])

    assert [of("h264", 720, 30), of("h264", 1080, 30), of("h264", 1080, 60)] == ["3.1", "4", "4.2"]
    assert of("h264", 1080, 30, 20000) == "4.1" and of("h264", 720, 30, asked_level="5") == "5"
    assert [of("h265", 720, 30), of("h265", 1080, 60), of("h265", 2160, 60)] == ["3.1", "4.1", "5.1"]
    assert (of("vp9", 720, 30), of("av1", 720, 30)) == ("", "")
