"""Chunks at a given bit rate: a first pass on small pictures, a second that goes by what it found."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.units import EncodeOutput, Framing, Source, TranscodeWork, VideoEncode, VideoIn
from services.transcoder.beside import Beside
from services.transcoder.encoders import Tuning
from services.transcoder.graph import command, first_pass
from services.transcoder.two_passes import shared, wanted

SMALL = Framing(width=640, height=360, scale_width=640, scale_height=360)
THIN = Framing(width=640, height=18, scale_width=640, scale_height=18)
STATS = {"a": Path("/w/it's: 0.stats")}
CLOCK = "-enc_time_base:v 1/90000 -fps_mode passthrough"


def piece(name: str, **asked: Any) -> EncodeOutput:
    video = {"framing": SMALL, "fps": Fraction(25), "frame_rate": Fraction(25), "threads": 1, "start": 250, "end": 500}
    video["look_ahead_end"] = 540
    return EncodeOutput(name=name, video=VideoEncode.model_validate(video | {"shift": 250, **asked}))


WORK = TranscodeWork(
    source=Source(url="file:///in.mp4", size_bytes=1),
    video=VideoIn(index=0, time_base=Fraction(1, 600), seek_s=9.5),
    outputs=[piece("a", bitrate_kbps=400, gop=50), piece("b", vcrf=23)],
)


def test_first_pass() -> None:
    made = " ".join(first_pass(WORK, Path("/in.mp4"), Tuning(), STATS))
    assert made[made.index("-i file:") :] == (
        "-i file:/in.mp4 -filter_complex [0:0]fps=25/1[s0];[s0]trim=end_pts=540:start_pts=250[s1];"
        "[s1]setpts=PTS-(250)[s2];[s2]settb=1/90000[s3];[s3]scale=640:360:flags=area[s4];[s4]setsar=1[s5];"
        "[s5]format=yuv420p[s6] "
        f"-map [s6] -f null -c:v libx264 -crf 23 {CLOCK} -g:v 50 -pass 1 -preset:v medium -profile:v high "
        "-threads:v 1 -x264-params fps=25/1:stats=/w/it\\'s\\: 0.stats - -y"
    )


def test_second_pass() -> None:
    files = {"a": Path("/w/0.mp4"), "b": Path("/w/1.mp4")}
    made = " ".join(command(WORK, Path("/in.mp4"), files, Tuning(), {"a": Beside(stats=STATS["a"])}))
    assert (
        f"-b:v 400k -bufsize:v 800k -c:v libx264 {CLOCK} -g:v 50 -map_chapters -1 -map_metadata -1 -maxrate:v 600k "
        "-pass 2 -preset:v medium -profile:v high -threads:v 1 -video_track_timescale 90000 "
        "-x264-params fps=25/1:stats=/w/it\\'s\\: 0.stats:vbv-init=1 file:/w/0.mp4"
    ) in made
    assert made.count("-pass") == 1


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (piece("a", bitrate_kbps=400), True),
        (piece("a"), False),
        (piece("a", vcrf=23, bitrate_kbps=400), False),
        (piece("a", codec="h265", bitrate_kbps=400), True),
        (piece("a", codec="h265", bitrate_kbps=400, mode="cbr"), False),
        (piece("a", codec="av1", bitrate_kbps=400), False),
        (piece("a", codec="vp9", bitrate_kbps=400), True),
        (piece("a", codec="vp9", vcrf=30), False),
        (piece("a", codec="vp9", bitrate_kbps=400, fps=None), False),
        (piece("a", codec="vp9", bitrate_kbps=400, delay_s=Fraction(1, 50)), False),
        (piece("a", codec="vp9", bitrate_kbps=400).model_copy(update={"url": "file:///out.webm"}), True),
        (piece("a", bitrate_kbps=400).model_copy(update={"url": "file:///out.mp4"}), False),
        (EncodeOutput(name="sound-0"), False),
    ],
)
def test_only_chunks_at_a_given_rate_get_two(output: EncodeOutput, expected: bool) -> None:
    assert wanted(output, Tuning()) is expected
    assert not wanted(output, Tuning(lossless=True))


def test_vp9_sees_all_of_it_twice() -> None:
    work = WORK.model_copy(update={"outputs": [piece("a", codec="vp9", bitrate_kbps=400)]})
    first = " ".join(first_pass(work, Path("/in.mp4"), Tuning(), {"a": Path("/w/0.stats")}))
    assert "trim=end_pts=500:start_pts=250" in first and "scale=640:360:flags=bicubic" in first
    assert (
        "-enc_time_base:v 1/25 " in first
        and "-f null -b:v 400k" in first
        and "-pass 1 -passlogfile /w/0.stats" in first
    )
    besides = {"a": Beside(stats=Path("/w/0.stats"))}
    second = " ".join(command(work, Path("/in.mp4"), {"a": Path("/w/0.webm")}, Tuning(), besides))
    assert "-enc_time_base:v 1/25 " in second and "-pass 2 -passlogfile /w/0.stats" in second


def test_x265_sees_the_chunk_in_full_twice() -> None:
    work = WORK.model_copy(update={"outputs": [piece("a", codec="h265", bitrate_kbps=400, profile="main")]})
    stats = {"a": Path("/w/it's: 0.stats")}
    params = "open-gop=0:log-level=error:pools=1:frame-threads=1:stats=/w/it\\'s\\: 0.stats"
    first = " ".join(first_pass(work, Path("/in.mp4"), Tuning(), stats))
    assert "trim=end_pts=500:start_pts=250" in first and "scale=640:360:flags=bicubic" in first
    assert f"-x265-params fps=25/1:{params}:pass=1:slow-firstpass=0" in first
    second = " ".join(
        command(work, Path("/in.mp4"), {"a": Path("/w/0.mp4")}, Tuning(), {"a": Beside(stats=stats["a"])})
    )
    assert f"-x265-params fps=25/1:{params}:vbv-init=1:pass=2 " in second and "-b:v 400k" in second


@pytest.mark.parametrize(
    ("width", "height", "scaled", "thinned"),
    [
        (640, 360, "640:360", None),
        (854, 480, "854:480", "640:360"),
        (1280, 720, "1280:720", "640:360"),
        (1920, 1080, "1280:720", "640:360"),
        (3840, 2160, "1280:720", "640:360"),
        (8192, 2048, "1920:480", "960:240"),
        (8192, 32, "8192:32", "7680:30"),
        (16, 8192, "16:8192", None),
    ],
)
def test_how_small_a_first_pass_is(width: int, height: int, scaled: str, thinned: str | None) -> None:
    framing = Framing(width=width, height=height, scale_width=width, scale_height=height)
    work = WORK.model_copy(update={"outputs": [piece("a", bitrate_kbps=400, framing=framing)]})
    made = " ".join(first_pass(work, Path("/in.mp4"), Tuning(), STATS))
    assert f"scale={scaled}:flags=area" in made
    assert re.findall(r"scale=(\d+:\d+):flags=neighbor", made) == ([thinned] if thinned else [])


LARGE = Framing(width=1280, height=720, scale_width=1280, scale_height=720)
UNEVEN = Framing(width=854, height=480, scale_width=854, scale_height=480)
BARRED = Framing(width=640, height=360, scale_width=480, scale_height=360)


def test_renditions_that_differ_in_size_and_rate_share_the_first_pass_of_the_largest() -> None:
    rungs = [
        piece("small", bitrate_kbps=400),
        piece("large", bitrate_kbps=1800, framing=LARGE),
        piece("uneven", bitrate_kbps=1000, framing=UNEVEN),
    ]
    assert shared(rungs) == {"small": "large", "large": "large", "uneven": "large"}


@pytest.mark.parametrize(
    "other",
    [
        {"framing": BARRED},
        {"framing": THIN},
        {"gop": 50},
        {"profile": "baseline"},
        {"bframes": 0},
        {"fps": Fraction(50)},
        {"start": 200},
        {"bit_depth": 10},
        {"scenecut": False},
    ],
)
def test_what_is_encoded_otherwise_has_a_first_pass_of_its_own(other: dict[str, Any]) -> None:
    pieces = [piece("one", bitrate_kbps=400, framing=LARGE), piece("other", bitrate_kbps=400, **other)]
    assert shared(pieces) == {"one": "one", "other": "other"}


@pytest.mark.parametrize("codec", ["vp9", "h265"])
def test_others_see_every_size(codec: str) -> None:
    pieces = [piece("a", codec=codec, bitrate_kbps=400), piece("b", codec=codec, bitrate_kbps=900, framing=LARGE)]
    assert shared(pieces) == {"a": "a", "b": "b"}
