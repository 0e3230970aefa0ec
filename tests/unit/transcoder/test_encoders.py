"""Encoders and muxers: one golden command for each codec and container."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.fitting import Container
from contracts.units import (
    AudioEncode,
    AudioIn,
    Cut,
    EncodeOutput,
    Framing,
    Remux,
    Source,
    Times,
    TranscodeWork,
    VideoEncode,
    VideoIn,
)
from services.transcoder.encoders import Tuning
from services.transcoder.graph import command
from services.transcoder.remux import dropping
from shared.command import FORMATS

SMALL = Framing(width=640, height=360, scale_width=640, scale_height=360)
TINY = Framing(width=64, height=36, scale_width=64, scale_height=36)
CLOCK = "-enc_time_base:v 1/90000"
PASSED = "-fps_mode passthrough"
BARE = "-map_chapters -1 -map_metadata -1"
CASES: dict[str, tuple[Container, dict[str, Any], str]] = {
    "h264 quality below a peak": (
        "mp4",
        {"codec": "h264", "max_bitrate_kbps": 900, "vcrf": 24},
        f"-f mp4 -bufsize:v 1800k -c:v libx264 -crf 24 {CLOCK} {PASSED} {BARE} -maxrate:v 900k -movflags +faststart "
        "-preset:v medium -profile:v high -threads:v 1 -video_track_timescale 90000 -x264-params fps=25/1",
    ),
    "h265 bit rate": (
        "mp4",
        {"codec": "h265", "bitrate_kbps": 400, "gop": 240, "profile": "main"},
        f"-f mp4 -b:v 400k -bufsize:v 800k -c:v libx265 {CLOCK} {PASSED} -g:v 240 {BARE} -maxrate:v 600k "
        "-movflags +faststart -preset:v medium -profile:v main -tag:v hvc1 -threads:v 1 -video_track_timescale 90000 "
        "-x265-params fps=25/1:open-gop=0:log-level=error:pools=1:frame-threads=1",
    ),
    "av1 share of hardly any bit rate": (
        "webm",
        {"codec": "av1", "bitrate_kbps": 1, "share": 0.4},
        f"-f webm -b:v 1k -c:v libsvtav1 -cues_to_front 1 {CLOCK} {PASSED} {BARE} -preset:v 8 "
        "-svtav1-params lp=1:fps-num=25:fps-denom=1 -threads:v 1",
    ),
    "h264 share of a bit rate": (
        "mp4",
        {"codec": "h264", "bitrate_kbps": 400, "share": 1.21},
        f"-f mp4 -b:v 484k -bufsize:v 800k -c:v libx264 {CLOCK} {PASSED} {BARE} -maxrate:v 600k -movflags +faststart "
        "-preset:v medium -profile:v high -threads:v 1 -video_track_timescale 90000 -x264-params fps=25/1",
    ),
    "h265 quality": (
        "mp4",
        {"codec": "h265", "profile": ""},
        f"-f mp4 -c:v libx265 -crf 28 {CLOCK} {PASSED} {BARE} -movflags +faststart -preset:v medium -tag:v hvc1 "
        "-threads:v 1 -video_track_timescale 90000 "
        "-x265-params fps=25/1:open-gop=0:log-level=error:pools=1:frame-threads=1",
    ),
    "vp9 bit rate": (
        "webm",
        {"codec": "vp9", "bitrate_kbps": 400},
        f"-f webm -b:v 400k -bufsize:v 800k -c:v libvpx-vp9 -cpu-used 4 -cues_to_front 1 -deadline good {CLOCK} "
        f"{PASSED} {BARE} -maxrate:v 600k -minrate:v 100k -qcomp:v 0.75 -row-mt 1 -threads:v 1",
    ),
    "vp9 share of a bit rate": (
        "webm",
        {"codec": "vp9", "bitrate_kbps": 400, "share": 0.8},
        f"-f webm -b:v 320k -bufsize:v 800k -c:v libvpx-vp9 -cpu-used 4 -cues_to_front 1 -deadline good {CLOCK} "
        f"{PASSED} {BARE} -maxrate:v 600k -minrate:v 80k -qcomp:v 0.75 -row-mt 1 -threads:v 1",
    ),
    "vp9 quality": (
        "webm",
        {"codec": "vp9", "vcrf": 40},
        f"-f webm -b:v 0 -c:v libvpx-vp9 -cpu-used 4 -crf 40 -cues_to_front 1 -deadline good {CLOCK} {PASSED} {BARE} "
        "-row-mt 1 -threads:v 1",
    ),
    "av1 bit rate": (
        "webm",
        {"codec": "av1", "bitrate_kbps": 400},
        f"-f webm -b:v 400k -c:v libsvtav1 -cues_to_front 1 {CLOCK} {PASSED} {BARE} -preset:v 8 "
        "-svtav1-params lp=1:fps-num=25:fps-denom=1 -threads:v 1",
    ),
    "av1 quality below a peak": (
        "mp4",
        {"codec": "av1", "max_bitrate_kbps": 500},
        f"-f mp4 -bufsize:v 1000k -c:v libsvtav1 -crf 35 {CLOCK} {PASSED} {BARE} -maxrate:v 500k -movflags +faststart "
        "-preset:v 8 -svtav1-params lp=1:fps-num=25:fps-denom=1 -threads:v 1 -video_track_timescale 90000",
    ),
    "av1 too small for SVT": (
        "mp4",
        {"codec": "av1", "framing": TINY},
        f"-f mp4 -b:v 0 -c:v libaom-av1 -cpu-used 4 -crf 35 {CLOCK} {PASSED} {BARE} -movflags +faststart -row-mt 1 "
        "-threads:v 1 -usage good -video_track_timescale 90000",
    ),
    "av1 tiny at a bit rate": (
        "mp4",
        {"codec": "av1", "framing": TINY, "bitrate_kbps": 40},
        f"-f mp4 -b:v 40k -bufsize:v 80k -c:v libaom-av1 -cpu-used 4 {CLOCK} {PASSED} {BARE} -maxrate:v 60k "
        "-movflags +faststart -row-mt 1 -threads:v 1 -usage good -video_track_timescale 90000",
    ),
    "h264 constant, of regular pictures": (
        "mp4",
        {
            "codec": "h264",
            "bitrate_kbps": 400,
            "mode": "cbr",
            "fps": 25,
            "bframes": 2,
            "level": "3.1",
            "scenecut": False,
        },
        f"-f mp4 -b:v 400k -bf:v 2 -bufsize:v 400k -c:v libx264 {CLOCK} {PASSED} -level:v 3.1 {BARE} -maxrate:v 400k "
        "-minrate:v 400k -movflags +faststart -preset:v medium -profile:v high -threads:v 1 "
        "-video_track_timescale 90000 -x264-params fps=25/1:nal-hrd=cbr:force-cfr=1:scenecut=0",
    ),
    "h264 average": (
        "mp4",
        {"codec": "h264", "bitrate_kbps": 400, "mode": "abr", "bframes": 0},
        f"-f mp4 -b:v 400k -bf:v 0 -c:v libx264 {CLOCK} {PASSED} {BARE} -movflags +faststart -preset:v medium "
        "-profile:v high -threads:v 1 -video_track_timescale 90000 -x264-params fps=25/1",
    ),
    "h265 constant, ten bits": (
        "mp4",
        {"codec": "h265", "bitrate_kbps": 400, "mode": "cbr", "level": "4.1", "codec_tag": "hev1"}
        | {"profile": "main10", "bit_depth": 10, "scenecut": False, "bframes": 3},
        f"-f mp4 -b:v 400k -bf:v 3 -bufsize:v 400k -c:v libx265 {CLOCK} {PASSED} {BARE} -maxrate:v 400k "
        "-minrate:v 400k -movflags +faststart -preset:v medium -profile:v main10 -tag:v hev1 -threads:v 1 "
        "-video_track_timescale 90000 -x265-params fps=25/1:open-gop=0:log-level=error:pools=1:frame-threads=1:"
        "hrd=1:strict-cbr=1:level-idc=4.1:scenecut=0",
    ),
    "vp9 constant": (
        "webm",
        {"codec": "vp9", "bitrate_kbps": 400, "mode": "cbr"},
        f"-f webm -b:v 400k -bufsize:v 400k -c:v libvpx-vp9 -cpu-used 4 -cues_to_front 1 -deadline good {CLOCK} "
        f"{PASSED} {BARE} -maxrate:v 400k -minrate:v 400k -row-mt 1 -threads:v 1",
    ),
    "flv": (
        "flv",
        {"codec": "h264", "bitrate_kbps": 400},
        f"-f flv -b:v 400k -bufsize:v 800k -c:v libx264 {CLOCK} -flvflags +add_keyframe_index {PASSED} {BARE} "
        "-maxrate:v 600k -preset:v medium -profile:v high -threads:v 1 -x264-params fps=25/1",
    ),
    "h265 on its way into flv": (
        "flv",
        {"codec": "h265", "bitrate_kbps": 250, "gop": 240, "profile": "main"},
        f"-f mp4 -b:v 250k -bufsize:v 500k -c:v libx265 {CLOCK} {PASSED} -g:v 240 {BARE} -maxrate:v 375k "
        "-preset:v medium -profile:v main -tag:v hvc1 -threads:v 1 -video_track_timescale 90000 "
        "-x265-params fps=25/1:open-gop=0:log-level=error:pools=1:frame-threads=1",
    ),
}
SOUNDS: dict[Container, tuple[dict[str, Any], str]] = {
    "m4a": ({"codec": "aac", "bitrate_kbps": 96}, f"-f ipod -b:a 96k -c:a aac {BARE} -movflags +faststart"),
    "mp3": (
        {"codec": "mp3", "bitrate_kbps": 128, "sample_rate_hz": 44100, "channels": 2},
        f"-f mp3 -ac 2 -ar 44100 -b:a 128k -c:a libmp3lame {BARE}",
    ),
    "ogg": ({"codec": "opus", "bitrate_kbps": 64}, f"-f ogg -b:a 64k -c:a libopus {BARE}"),
    "flac": ({"codec": "flac"}, f"-f flac -c:a flac {BARE} -sample_fmt s16"),
    "wav": ({"codec": "pcm16"}, f"-f wav -c:a pcm_s16le {BARE}"),
}


def _made(work: TranscodeWork, container: str) -> str:
    out = Path(f"/w/0.{container}")
    text = " ".join(command(work, Path("/in.mp4"), {"a": out}, Tuning()))
    return text[text.index(" -f ", text.index(" -map ")) + 1 :].removesuffix(f" file:{out} -y")


@pytest.mark.parametrize("name", CASES)
def test_picture(name: str) -> None:
    container, asked, expected = CASES[name]
    video = VideoEncode.model_validate({"framing": SMALL, "frame_rate": Fraction(25), "threads": 1, **asked})
    work = TranscodeWork(
        source=Source(url="file:///in.mp4", size_bytes=1),
        video=VideoIn(index=0, time_base=Fraction(1, 600)),
        outputs=[EncodeOutput(name="a", container=container, url="file:///out", video=video)],
    )
    assert _made(work, container) == expected


@pytest.mark.parametrize("container", SOUNDS)
def test_sound(container: Container) -> None:
    asked, expected = SOUNDS[container]
    audio = AudioEncode.model_validate(asked)
    work = TranscodeWork(
        source=Source(url="file:///in.mp4", size_bytes=1),
        audio=AudioIn(index=0, start_s=0.0),
        outputs=[EncodeOutput(name="a", container=container, url="file:///out", audio=audio)],
    )
    assert _made(work, container) == expected


def test_an_intermediate_needs_no_index_in_front() -> None:
    work = TranscodeWork(
        source=Source(url="file:///in.mp4", size_bytes=1),
        audio=AudioIn(index=0, start_s=0.0),
        outputs=[EncodeOutput(name="a", container="webm", audio=AudioEncode(codec="opus"))],
    )
    assert _made(work, "webm") == f"-f webm -c:a libopus {BARE}"


COPY = (
    "ffmpeg -hide_banner -nostdin -loglevel error -nostats -progress pipe:1 -stats_period 0.5 {reading} "
    "-i file:/in.ts -map 0:1 -map 0:0 -f mp4 -c copy -map_chapters -1 -map_metadata -1 -movflags +faststart {writing} "
    "file:/w/0.mp4 -y"
)


def _copied(remux: Remux, times: Times) -> str:
    output = EncodeOutput(name="a", url="file:///out.mp4", remux=remux)
    work = TranscodeWork(source=Source(url="file:///in.ts", size_bytes=1), times=times, outputs=[output])
    return " ".join(command(work, Path("/in.ts"), {"a": Path("/w/0.mp4")}, Tuning()))


def test_a_copy_by_the_clock() -> None:
    remux = Remux(tracks=[1, 0], start_s=2.0, end_s=5.0, video_codec="hevc")
    assert _copied(remux, "mended") == COPY.format(
        reading=f"-fflags +genpts -format_whitelist {FORMATS} -protocol_whitelist file -ss 2.000000 -t 3.000000",
        writing="-tag:v hvc1 -video_track_timescale 90000",
    )


def test_a_copy_by_absolute_times() -> None:
    remux = Remux(tracks=[1, 0], start_s=102.0, end_s=105.0, seek_s=100.5, video_codec="h264")
    assert _copied(remux, "kept") == COPY.format(
        reading=f"-copyts -fflags +genpts -format_whitelist {FORMATS} -noaccurate_seek -protocol_whitelist file "
        "-seek_timestamp 1 -ss 100.500000",
        writing="-output_ts_offset -102.000000 -to 105.000000 -video_track_timescale 90000",
    )


def test_a_cut_by_copying_keeps_the_sources_clock() -> None:
    """What is not wanted is dropped by its time, in whatever order it comes."""
    cut = Cut(start_s=Fraction(204, 2), end_s=Fraction(1257, 12), clock_hz=12800)
    remux = Remux(tracks=[0], start_s=102.02, end_s=105.25, seek_s=101.5, video_codec="h264", cut=cut)
    made = _copied(remux, "kept")
    assert made.endswith(
        r"-bsf:v noise=drop=lt(pts*tb\,102.000000000)+gt(pts*tb\,104.750000000) -c copy -map_chapters -1 "
        "-map_metadata -1 -movflags +faststart -output_ts_offset -102.020000 -to 105.250000 "
        "-video_track_timescale 12800 file:/w/0.mp4 -y"
    )
    assert dropping(Cut(clock_hz=1)) == "noise=drop=0"
