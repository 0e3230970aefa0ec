"""Options of encoders and the muxer, all in one place. Pure."""

from dataclasses import dataclass
from typing import Any

from contracts.units import AudioEncode, VideoEncode

CLOCK_HZ = 90_000
"""Time base of all pictures written: fine enough for every rate."""
DEFAULT_CRF = 23
PEAK, BUFFER = 1.5, 2.0
"""Of the bit rate: the highest rate, and the buffer over which it is averaged."""


@dataclass(frozen=True)
class Tuning:
    """How hard x264 tries. `lossless` makes every pixel come out as the graph delivered it: for tests of exactness."""

    preset: str = "medium"
    lossless: bool = False


def video_options(encode: VideoEncode, tuning: Tuning) -> dict[str, Any]:
    """x264. Variable bit rate with a bounded peak, or constant quality."""
    options: dict[str, Any] = {
        "c:v": "libx264",
        "preset:v": tuning.preset,
        "threads:v": encode.threads,
        "fps_mode": "passthrough",
        "enc_time_base:v": f"1/{CLOCK_HZ}",
        "video_track_timescale": CLOCK_HZ,
    }
    if encode.frame_rate:
        options["x264-params"] = f"fps={encode.frame_rate.numerator}/{encode.frame_rate.denominator}"
    if encode.gop:
        options["g:v"] = encode.gop
    if tuning.lossless:
        return options | {"qp": 0}
    options["profile:v"] = encode.profile
    if encode.vcrf is not None or not encode.bitrate_kbps:
        return options | {"crf": encode.vcrf or DEFAULT_CRF}
    return options | {
        "b:v": f"{encode.bitrate_kbps}k",
        "maxrate:v": f"{round(encode.bitrate_kbps * PEAK)}k",
        "bufsize:v": f"{round(encode.bitrate_kbps * BUFFER)}k",
    }


def audio_options(encode: AudioEncode) -> dict[str, Any]:
    """ffmpeg's own AAC."""
    options: dict[str, Any] = {"c:a": "aac"}
    if encode.bitrate_kbps:
        options["b:a"] = f"{encode.bitrate_kbps}k"
    if encode.sample_rate_hz:
        options["ar"] = encode.sample_rate_hz
    if encode.channels:
        options["ac"] = encode.channels
    return options


def file_options(*, final: bool) -> dict[str, Any]:
    """The MP4 muxer: nothing of the source's metadata or chapters; a final file's index goes in front."""
    options: dict[str, Any] = {"f": "mp4", "map_metadata": -1, "map_chapters": -1}
    return options | {"movflags": "+faststart"} if final else options
