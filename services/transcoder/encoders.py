"""Options of encoders, all in one place. Pure.

Every chunk has to start with a keyframe that closes what came before it, and has to be decodable with the first
chunk's header, since chunks are joined by stream copy: no open groups of pictures anywhere.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contracts.units import AudioEncode, VideoEncode

CLOCK_HZ = 90_000
"""Time base of all pictures written: fine enough for every rate."""
DEFAULT_CRF = {"h264": 23, "h265": 28, "vp9": 33, "av1": 35}
"""About the same quality, each on its encoder's scale."""
PEAK, BUFFER, CBR_BUFFER = 1.5, 2.0, 1.0
"""Of the bit rate: the highest rate, and the buffers over which a variable and a constant one are averaged."""
VP9_LEAST = 0.25
"""Of the bit rate: what no part of a piece goes below. Else libvpx leaves up to a fifth of a chunk's bits unspent."""
VP9_BIAS = 0.75
"""How far libvpx gives pictures bits by what they need rather than evenly. All pictures are about the same from 0.5 to
0.9. But a film in chunks loses 1.1 dB at a seam with 0.7 and 0.4 dB with 0.9, a grain that grows 0.7 and 1.1 dB."""
SVT_LEAST_SIDE = 64
"""SVT-AV1 1.4 takes nothing smaller; libaom does."""
_IDR = ("h264", "h265")
"""Codecs with key pictures that close what came before, and others that don't: the first kind is asked for."""
_SPEEDS = {"ultrafast": (8, 12), "medium": (4, 8)}
"""libvpx's and libaom's `cpu-used` and SVT-AV1's preset, by the x264 preset of comparable patience."""


@dataclass(frozen=True)
class Tuning:
    """How hard encoders try, as a preset of x264 (the others: the nearest they have).

    `lossless` makes every pixel come out as the graph delivered it: for tests of exactness.
    """

    preset: str = "medium"
    lossless: bool = False


def video_options(encode: VideoEncode, tuning: Tuning) -> dict[str, Any]:
    """The encoder and its rate control: variable bit rate with a bounded peak, or constant quality."""
    options: dict[str, Any] = {
        "threads:v": encode.threads,
        "fps_mode": "passthrough",
        "enc_time_base:v": f"1/{CLOCK_HZ}",
        **_OPTIONS[encode.codec](encode, tuning),
    }
    if encode.gop:
        options["g:v"] = encode.gop
    if encode.key_every_s is not None:
        options |= _keys(encode, encode.key_every_s)
    elif encode.lead_in or encode.scenes_ms:
        options |= _begun(encode)
    if encode.lead_in:
        options["bsf:v"] = f"noise=drop=lt(n\\,{encode.lead_in})"
    return options


def _begun(encode: VideoEncode) -> dict[str, Any]:
    """A keyframe where each scene begins, and where the chunk does behind its lead-in, which is dropped.

    Nothing refers to what is before them. ffmpeg forces the first picture that is not before a time: that of a chunk,
    which begins at 0, is told a little early, for times are rounded.
    """
    times_ms = [-1, *encode.scenes_ms] if encode.lead_in else encode.scenes_ms
    return _forced(encode, ",".join(f"{time_ms / 1000 + float(encode.delay_s):.6f}" for time_ms in times_ms))


def _forced(encode: VideoEncode, places: str) -> dict[str, Any]:
    """Without `forced-idr`, x265 would make mere I pictures."""
    return {"force_key_frames:v": places, **({"forced-idr": 1} if encode.codec in _IDR else {})}


def _keys(encode: VideoEncode, every_s: Fraction) -> dict[str, Any]:
    """Forces a keyframe at the first picture on or behind each line.

    A picture is on a line within rounding of doubles only, as the muxer that cuts there has it.
    """
    line = f"({{}}+{float(encode.key_phase_s):.12f})/{float(every_s):.12f}+0.000000001"
    new = f"gt(floor({line.format('t')}),floor({line.format('prev_forced_t')}))"
    return _forced(encode, f"expr:if(isnan(prev_forced_t),1,{new})")


def _h264(encode: VideoEncode, tuning: Tuning) -> dict[str, Any]:
    """x264 fills a constant bit rate up with nothing, but counts in the time base unless pictures are regular."""
    filled = encode.mode == "cbr" and encode.fps and not tuning.lossless
    more = ["nal-hrd=cbr", "force-cfr=1"] if filled else []
    options = {"c:v": "libx264", "preset:v": tuning.preset, **_x_params("x264-params", encode, more)}
    if tuning.lossless:
        return options | {"qp": 0}
    level = {"level:v": encode.level} if encode.level else {}
    return options | {"profile:v": encode.profile} | level | _rate(encode)


def _h265(encode: VideoEncode, tuning: Tuning) -> dict[str, Any]:
    """x265 takes its threads and its closed groups of pictures from its own parameters only."""
    more = ["open-gop=0", "log-level=error"]
    if encode.threads == 1:
        more += ["pools=1", "frame-threads=1"]
    if tuning.lossless:
        more.append("lossless=1")
    elif encode.mode == "cbr":
        more += ["hrd=1", "strict-cbr=1"]
    if encode.level:
        more.append(f"level-idc={encode.level}")
    if encode.shared_header:
        more.append("vui-timing-info=0")
    options: dict[str, Any] = {"c:v": "libx265", "preset:v": tuning.preset, "tag:v": encode.codec_tag}
    options |= _x_params("x265-params", encode, more)
    if tuning.lossless:
        return options
    return options | ({"profile:v": encode.profile} if encode.profile else {}) | _rate(encode)


def _x_params(name: str, encode: VideoEncode, more: list[str]) -> dict[str, Any]:
    """The frame rate is told apart from the time base, or 90000 pictures a second are counted on."""
    rate = encode.frame_rate
    params = [f"fps={rate.numerator}/{rate.denominator}"] if rate else []
    params += more if encode.scenecut else [*more, "scenecut=0"]
    options: dict[str, Any] = {name: ":".join(params)} if params else {}
    return options if encode.bframes is None else options | {"bf:v": encode.bframes}


def _vp9(encode: VideoEncode, tuning: Tuning) -> dict[str, Any]:
    speed, _ = _SPEEDS.get(tuning.preset, _SPEEDS["medium"])
    options: dict[str, Any] = {"c:v": "libvpx-vp9", "deadline": "good", "cpu-used": speed, "row-mt": 1}
    if tuning.lossless:
        return options | {"lossless": 1}
    if encode.vcrf is None and encode.bitrate_kbps:
        if encode.mode == "cbr":
            return options | _rate(encode)
        least = {"minrate:v": f"{round(encode.average_kbps * VP9_LEAST)}k"} if encode.mode == "vbr" else {}
        return options | _rate(encode) | least | {"qcomp:v": VP9_BIAS}
    return options | {"crf": _crf(encode), "b:v": f"{encode.max_bitrate_kbps}k" if encode.max_bitrate_kbps else 0}


def _av1(encode: VideoEncode, tuning: Tuning) -> dict[str, Any]:
    """SVT-AV1; libaom where that can't: tiny pictures, lossless, forced keyframes (not passed on by ffmpeg 5.1)."""
    small = min(encode.framing.width, encode.framing.height) < SVT_LEAST_SIDE
    libaom = small or tuning.lossless or encode.key_every_s is not None
    return _libaom(encode, tuning) if libaom else _svt(encode, tuning)


def _svt(encode: VideoEncode, tuning: Tuning) -> dict[str, Any]:
    """Its average bit rate knows no peak; its constant quality does."""
    _, speed = _SPEEDS.get(tuning.preset, _SPEEDS["medium"])
    params = ["lp=1"] if encode.threads == 1 else []
    if rate := encode.frame_rate:
        params += [f"fps-num={rate.numerator}", f"fps-denom={rate.denominator}"]
    options: dict[str, Any] = {"c:v": "libsvtav1", "preset:v": speed}
    if params:
        options["svtav1-params"] = ":".join(params)
    if encode.vcrf is None and encode.bitrate_kbps:
        return options | _average(encode)
    return options | _quality(encode)


def _libaom(encode: VideoEncode, tuning: Tuning) -> dict[str, Any]:
    speed, _ = _SPEEDS.get(tuning.preset, _SPEEDS["medium"])
    options: dict[str, Any] = {"c:v": "libaom-av1", "usage": "good", "cpu-used": speed, "row-mt": 1}
    if tuning.lossless:
        return options | {"crf": 0, "b:v": 0, "aom-params": "lossless=1"}
    if encode.vcrf is None and encode.bitrate_kbps:
        return options | _rate(encode)
    return options | {"crf": _crf(encode), "b:v": f"{encode.max_bitrate_kbps}k" if encode.max_bitrate_kbps else 0}


def _rate(encode: VideoEncode) -> dict[str, Any]:
    """Rate control in ffmpeg's common options."""
    if encode.vcrf is not None or not encode.bitrate_kbps:
        return _quality(encode)
    if encode.mode == "cbr":
        same = dict.fromkeys(("b:v", "minrate:v", "maxrate:v"), f"{encode.bitrate_kbps}k")
        return same | {"bufsize:v": f"{round(encode.bitrate_kbps * CBR_BUFFER)}k"}
    average = _average(encode)
    if encode.mode == "abr":
        return average
    return average | {
        "maxrate:v": f"{round(encode.bitrate_kbps * PEAK)}k",
        "bufsize:v": f"{round(encode.bitrate_kbps * BUFFER)}k",
    }


def _average(encode: VideoEncode) -> dict[str, Any]:
    return {"b:v": f"{max(1, round(encode.bitrate_kbps * encode.share))}k"}


def _quality(encode: VideoEncode) -> dict[str, Any]:
    options: dict[str, Any] = {"crf": _crf(encode)}
    if encode.max_bitrate_kbps:
        options["maxrate:v"] = f"{encode.max_bitrate_kbps}k"
        options["bufsize:v"] = f"{round(encode.max_bitrate_kbps * BUFFER)}k"
    return options


def _crf(encode: VideoEncode) -> int:
    return DEFAULT_CRF[encode.codec] if encode.vcrf is None else encode.vcrf


_OPTIONS = {"h264": _h264, "h265": _h265, "vp9": _vp9, "av1": _av1}

_SOUND = {"aac": "aac", "mp3": "libmp3lame", "opus": "libopus", "flac": "flac", "pcm16": "pcm_s16le"}


def audio_options(encode: AudioEncode) -> dict[str, Any]:
    """The sound's encoder. FLAC gets the 16 bits that players count on; AAC is ffmpeg's own."""
    options: dict[str, Any] = {"c:a": _SOUND[encode.codec]}
    if encode.codec == "flac":
        options["sample_fmt"] = "s16"
    if encode.bitrate_kbps:
        options["b:a"] = f"{encode.bitrate_kbps}k"
    if encode.sample_rate_hz:
        options["ar"] = encode.sample_rate_hz
    if encode.channels:
        options["ac"] = encode.channels
    return options
