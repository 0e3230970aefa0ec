"""Which codecs, numbers and containers go together; what is refused names its member and what would fit."""

import itertools
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from contracts import presets
from contracts.fitting import AUDIO, CONTAINERS, VIDEO, AudioCodec, Container, VideoCodec
from contracts.parameters import TranscodeParameters

OPUS = {"codec": "opus", "sample_rate_hz": 48000}
WEBM = {"container": "webm", "video": {"codec": "vp9"}, "audio": OPUS}
SOUND = {"remove_video": True}
COPY = {"video": {"codec": "copy"}, "audio": {"codec": "copy"}}
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"container": "webm", "audio": OPUS}, "video.codec", "h264 does not fit into webm, which takes vp9, av1"),
    ({"video": {"codec": "vp9"}}, "video.codec", "vp9 does not fit into mp4, which takes h264, h265, av1, copy"),
    (WEBM | {"audio": {}}, "audio.codec", "aac does not fit into webm, which takes opus"),
    ({"container": "mp3", "audio": {"codec": "mp3"}}, "remove_video", "mp3 holds sound only: it must be true"),
    ({"video": {"codec": "h265", "profile": "high"}}, "video.profile", "h265 has no profile high, only default, main"),
    ({"video": {"vcrf": 52}}, "video.vcrf", "must be at most 51 for h264"),
    (WEBM | {"audio": {"codec": "opus"}}, "audio.sample_rate_hz", "must be 0, 8000, 12000, 16000, 24000, 48000 for"),
    (WEBM | {"audio": OPUS | {"bitrate_kbps": 300, "channels": 1}}, "audio.bitrate_kbps", "must be 0 or 6 to 256 for"),
    ({"audio": {"codec": "mp3", "channels": 6}}, "audio.channels", "must be 0, 1, 2 for mp3"),
    (
        {"audio": {"codec": "mp3", "bitrate_kbps": 192, "sample_rate_hz": 16000}},
        "audio.bitrate_kbps",
        "must be 0 or 32 to 160 for mp3 at 16000 Hz and 2 channels",
    ),
    (
        {"container": "flv", "audio": {"codec": "mp3", "sample_rate_hz": 48000}},
        "audio.sample_rate_hz",
        "must be 22050, 44100 for mp3 in flv",
    ),
    (
        SOUND | {"container": "flac", "audio": {"codec": "flac", "bitrate_kbps": 128}},
        "audio.bitrate_kbps",
        "must be 0 for flac, which is lossless",
    ),
    ({"video": {"codec": "copy"}}, "audio.codec", "must be copy beside a picture that is copied"),
    ({"audio": {"codec": "copy"}}, "video.codec", "must be copy beside a sound that is copied"),
    (COPY | {"video": {"codec": "copy", "fps": 25}}, "video.fps", "what is copied stays as it is: leave this out"),
    (COPY | {"container": "flv"}, "video.codec", "copy does not fit into flv, which takes h264, h265"),
    (COPY | {"tehd": {}}, "tehd", "a picture that is copied is not encoded"),
    ({"video": {"mode": "vcrf"}}, "video.vcrf", "is needed for mode vcrf"),
    ({"video": {"mode": "cbr"}}, "video.bitrate_kbps", "must be 128 to 100000 for mode cbr"),
    ({"video": {"mode": "abr", "bitrate_kbps": 900, "vcrf": 20}}, "video.vcrf", "is for mode vcrf or vbr, not abr"),
    ({"video": {"codec": "av1", "mode": "cbr", "bitrate_kbps": 900}}, "video.mode", "one of vbr, abr, vcrf for av1"),
    ({"video": {"mode": "abr", "bitrate_kbps": 900}, "tehd": {}}, "video.mode", "TEHD goes by quality"),
    ({"video": {"bframes": 17}}, "video.bframes", "less than or equal to 16"),
    ({"video": {"bframes": 1, "profile": "baseline"}}, "video.bframes", "must be 0 for profile baseline"),
    ({"video": {"codec": "av1", "bframes": 2}}, "video.bframes", "av1 has none"),
    ({"video": {"codec": "av1", "no_scenecut": True}}, "video.no_scenecut", "av1 can't be told"),
    ({"video": {"codec_tag": "hev1"}}, "video.codec_tag", "is for h265 only"),
    ({"video": {"level": "3.3"}}, "video.level", "must be one of 1, 1.1, 1.2"),
    ({"video": {"codec": "h265", "level": "1.1"}}, "video.level", "must be one of 1, 2, 2.1"),
    ({"video": {"codec": "av1", "level": "4"}}, "video.level", "av1 takes none"),
    ({"video": {"preserve_hdr": True}}, "video.preserve_hdr", "h264 carries no HDR, h265, av1, vp9 do"),
    ({"video": {"codec": "h265", "preserve_hdr": True, "profile": "main"}}, "video.profile", "beside preserve_hdr"),
    ({"video": {"bit_depth": 10, "profile": "high"}}, "video.profile", "beside bit_depth"),
    (COPY | {"video": {"codec": "copy", "bframes": 2}}, "video.bframes", "what is copied stays as it is"),
    ({"tehd": {"max_video_bitrate_kbps": 5}}, "tehd.max_video_bitrate_kbps", "must be 0 or 128 to 100000"),
]


@pytest.mark.parametrize(("asked", "place", "text"), REFUSED)
def test_refused(asked: dict[str, Any], place: str, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TranscodeParameters.model_validate(asked)
    told = {".".join(map(str, one["loc"])): one["msg"] for one in caught.value.errors()}
    assert text in told[place]


def test_a_track_that_is_left_out_needs_no_fitting_codec() -> None:
    assert TranscodeParameters.model_validate(SOUND | {"container": "mp3", "audio": {"codec": "mp3"}})
    assert TranscodeParameters.model_validate({"container": "webm", "video": {"codec": "av1"}, "remove_audio": True})
    assert TranscodeParameters.model_validate({"video": {"codec": "copy"}, "remove_audio": True}).copies


def test_the_tables_know_every_container_and_codec() -> None:
    assert set(CONTAINERS) == set(get_args(Container))
    assert {*VIDEO, "copy"} == set(get_args(VideoCodec))
    assert {*AUDIO, "copy"} == set(get_args(AudioCodec))


@pytest.mark.parametrize(("container", "codec"), list(itertools.product(CONTAINERS, VIDEO)))
def test_a_picture_is_taken_exactly_where_the_table_has_it(container: Container, codec: VideoCodec) -> None:
    asked = {"container": container, "video": {"codec": codec}, "remove_audio": True}
    fits = codec in CONTAINERS[container].video
    try:
        TranscodeParameters.model_validate(asked)
    except ValidationError:
        assert not fits
    else:
        assert fits


def test_presets() -> None:
    sounds = {number: one for number, one in presets.TRANSCODE.items() if one.remove_video}
    assert {number: one.audio.bitrate_kbps for number, one in sounds.items()} == {
        1100: 24,
        1110: 48,
        1120: 96,
        1130: 192,
        1140: 256,
        1010: 128,
        1020: 320,
    }
    assert {one.container for one in sounds.values()} == {"m4a", "mp3"}
    legacy = presets.TRANSCODE[10].video
    assert (legacy.width, legacy.height, legacy.fps, legacy.bitrate_kbps) == (320, 0, 24, 256)
    assert (legacy.gop, legacy.profile, legacy.resolution_adaptive) == (240, "high", "close")
    flv = {number: one for number, one in presets.TRANSCODE.items() if one.container == "flv"}
    assert {number: (one.video.width or one.video.height, one.video.bitrate_kbps) for number, one in flv.items()} == {
        10046: (320, 256),
        10047: (640, 512),
        10048: (1280, 1024),
        10049: (1920, 2500),
        370: (1440, 3072),
        380: (2160, 6144),
        710: (240, 250),
        720: (480, 600),
        730: (720, 800),
        740: (1080, 1400),
        770: (1440, 2048),
        780: (2160, 4096),
    }
    assert {
        (one.audio.codec, one.audio.bitrate_kbps, one.audio.sample_rate_hz, one.audio.channels) for one in flv.values()
    } == {("mp3", 48, 44100, 2)}
    assert [number for number, one in flv.items() if one.video.codec == "h265"] == [710, 720, 730, 740, 770, 780]
    assert (presets.TRANSCODE[510].video.codec, presets.TRANSCODE[510].video.profile) == ("h265", "main")
