"""From parameters to the encoder's rate control, key pictures and profile."""

from fractions import Fraction
from typing import Any

import pytest

from contracts.parameters import TranscodeParameters
from contracts.presets import TRANSCODE
from contracts.subtasks import Transcode
from contracts.units import VideoEncode
from services.planner.renditions import rendition
from tests.media import made_up


def encode(parameters: TranscodeParameters) -> VideoEncode:
    subtask = Transcode(subtask_id="a", definition=1, parameters=parameters)
    made = rendition(subtask, made_up.media(10, made_up.picture(rate=30)), None, has_audio=False)
    assert made.video is not None
    return made.video


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"video": {"bitrate_kbps": 900}}, (900, None, 0)),
        ({"video": {"bitrate_kbps": 900, "vcrf": 30}}, (900, 30, 0)),
        ({"tehd": {}}, (0, 23, 0)),
        ({"tehd": {"type": "OFF"}, "video": {"bitrate_kbps": 900}}, (900, None, 0)),
        ({"tehd": {}, "video": {"bitrate_kbps": 900}}, (0, 23, 900)),
        ({"tehd": {"max_video_bitrate_kbps": 700}, "video": {"bitrate_kbps": 900, "codec": "h265"}}, (0, 26, 700)),
        ({"tehd": {"max_video_bitrate_kbps": 700}, "video": {"vcrf": 20}}, (0, 20, 700)),
    ],
)
def test_average_quality_peak(asked: dict[str, Any], expected: tuple[int, int | None, int]) -> None:
    made = encode(TranscodeParameters.model_validate(asked))
    assert (made.bitrate_kbps, made.vcrf, made.max_bitrate_kbps) == expected


@pytest.mark.parametrize(
    ("asked", "gop"),
    [
        ({}, 0),
        ({"gop": 240}, 240),
        ({"gop": 2, "gop_unit": "second"}, 60),
        ({"gop": 2, "gop_unit": "second", "fps": 24}, 48),
        ({"gop": 0, "gop_unit": "second"}, 0),
    ],
)
def test_distance_of_key_pictures(asked: dict[str, Any], gop: int) -> None:
    assert encode(TranscodeParameters.model_validate({"video": asked})).gop == gop


@pytest.mark.parametrize(
    ("codec", "profile", "expected"),
    [
        ("h264", "default", "high"),
        ("h264", "baseline", "baseline"),
        ("h265", "default", "main"),
        ("av1", "default", ""),
    ],
)
def test_profile(codec: str, profile: str, expected: str) -> None:
    asked = {"video": {"codec": codec, "profile": profile}}
    assert encode(TranscodeParameters.model_validate(asked)).profile == expected


def test_ways_of_coding() -> None:
    asked = {"codec": "h265", "mode": "cbr", "bitrate_kbps": 900, "bframes": 0, "level": "4", "no_scenecut": True}
    made = encode(TranscodeParameters.model_validate({"video": asked | {"codec_tag": "hev1", "bit_depth": 10}}))
    assert (made.mode, made.bframes, made.level, made.scenecut) == ("cbr", 0, "4", False)
    assert (made.codec_tag, made.bit_depth, made.profile) == ("hev1", 10, "main10")
    plain = encode(TranscodeParameters.model_validate({"video": {"mode": "vcrf", "vcrf": 20}}))
    assert (plain.mode, plain.bframes, plain.level, plain.scenecut) == ("vbr", None, "", True)
    assert (plain.vcrf, plain.codec_tag, plain.bit_depth) == (20, "hvc1", 8)


def test_presets_by_quality() -> None:
    made = encode(TRANSCODE[100820])
    assert (made.framing.height, made.fps, made.bitrate_kbps, made.vcrf) == (540, Fraction(25), 0, 23)
    audio = TRANSCODE[100800].audio
    assert (audio.bitrate_kbps, audio.sample_rate_hz, audio.channels) == (0, 0, 0)
