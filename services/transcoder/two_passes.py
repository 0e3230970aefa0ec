"""Two passes where the bit rate is given: for chunks in H.264 and H.265, and for all VP9. Pure.

VP9 in one pass misses the bit rate by a tenth; its first pass costs a tenth. For the others it is the chunks: rate
control in one pass starts blind, and pays for its first keyframe with the dozens of pictures after it, 3 to 5 dB at
each seam, where an encode in one piece is long past that. A first pass over the chunk and what follows it, shrunk and
at constant quality, tells x264 what is to come. It costs little more than decoding once more where renditions are
large; and the second pass is spared looking ahead. Renditions that differ in size and rate alone share one. x265 does
not convert its statistics to another size: its first pass, over the chunk alone, takes almost as long as the second.
Without it a film at 300 kbit/s gets 8 % too many bits, a screen recording 13 % too few.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contracts.units import EncodeOutput, Framing, VideoEncode
from shared.frame import SCALER

from .encoders import Tuning

CRF = 23
MOST_PIXELS = 640 * 360
"""Of a first pass: x264 converts its statistics to another size. Less tells it too little: from 160x90, a film of
640x360 was made 0.7 dB worse, and some key pictures had half their bits."""
THINNING = 2
"""How much of the shrinking is done by leaving out pixels and lines: scaling alone takes the grain out, and 18 % too
many bits are spent on a film that has some."""
LEAST_SIDE = 16
_PARAMS = {"h264": "x264", "h265": "x265"}
_SHAPE = 0.02
"""Sides are whole and even: the same picture in two sizes differs in shape by so much."""


def wanted(output: EncodeOutput, tuning: Tuning) -> bool:
    """Whether an output is made at an average bit rate in VP9, or as a chunk in H.264 or H.265.

    Not at a constant one, which may not look far ahead. libvpx counts on pictures of equal length, one tick each.
    """
    video = output.video
    if video is None or tuning.lossless or not video.average_kbps:
        return False
    return (video.codec == "vp9" and regular(video)) or (
        video.codec in ("h264", "h265") and output.url is None and video.threads == 1
    )


def shared(outputs: Sequence[EncodeOutput]) -> dict[str, str]:
    """By output: the one, perhaps itself, whose first pass tells about it. Of those alike it is the largest."""
    leaders: list[EncodeOutput] = []
    chosen: dict[str, str] = {}
    for output in sorted(outputs, key=_pixels, reverse=True):
        leader = next((one for one in leaders if _alike(one, output)), output)
        leaders += [output] if leader is output else []
        chosen[output.name] = leader.name
    return chosen


def _pixels(output: EncodeOutput) -> int:
    assert output.video is not None
    return output.video.framing.width * output.video.framing.height


def _alike(one: EncodeOutput, other: EncodeOutput) -> bool:
    """Whether two outputs show the same in the same way: x264 stretches its statistics to another size."""
    first, second = one.video, other.video
    assert first is not None
    assert second is not None
    same = {"framing": second.framing, "bitrate_kbps": second.bitrate_kbps, "drawings": second.drawings}
    if first.codec != "h264" or first.model_copy(update=same) != second:
        return False
    return first.framing.fill == second.framing.fill and all(
        math.isclose(ratio, like, rel_tol=_SHAPE)
        for ratio, like in zip(_shape(first.framing), _shape(second.framing), strict=True)
    )


def _shape(framing: Framing) -> tuple[float, float, float]:
    """How wide it is to its height, and how much of both the picture fills."""
    return (
        framing.width / framing.height,
        framing.scale_width / framing.width,
        framing.scale_height / framing.height,
    )


def shrunk(output: EncodeOutput) -> EncodeOutput:
    """The output as the first pass scales it: only x264 need not see all of it."""
    video = output.video
    assert video is not None
    if video.codec != "h264":
        return output
    framing = _sized(video.framing, min(1.0, THINNING * _share(video.framing)))
    small = {"framing": framing, "bitrate_kbps": 0, "vcrf": CRF}
    if video.end is not None:
        small["end"] = video.look_ahead_end
    return output.model_copy(update={"video": video.model_copy(update=small)})


def rough_scaler(video: VideoEncode) -> str:
    """What a first pass scales with: half the work, for pictures that nobody sees; the others see what they get."""
    return "area" if video.codec == "h264" else SCALER


def thinned(picture: Any, video: VideoEncode) -> Any:
    """What was scaled, with pixels and lines left out as far as it is still too large."""
    share = _share(video.framing)
    if video.codec != "h264" or share == 1.0:
        return picture
    small = _sized(video.framing, share)
    return picture.filter("scale", small.width, small.height, flags="neighbor")


def _share(framing: Framing) -> float:
    """Of the sides: what leaves no more than `MOST_PIXELS`."""
    return min(1.0, math.sqrt(MOST_PIXELS / (framing.width * framing.height)))


def _sized(framing: Framing, share: float) -> Framing:
    if share == 1.0:
        return framing
    names = ("width", "height", "scale_width", "scale_height")
    sides = {name: max(LEAST_SIDE, round(getattr(framing, name) * share / 2) * 2) for name in names}
    return framing.model_copy(update=sides)


def regular(video: VideoEncode) -> bool:
    """Whether all pictures are on ticks of the frame rate."""
    return bool(video.fps) and not video.delay_s


def passing(number: int, stats: Path, video: VideoEncode, options: dict[str, Any]) -> dict[str, Any]:
    """An encoder's options for the first pass or the second, with the file that the one writes for the other.

    The second begins with a full buffer, as a player does, and may spend it on the chunk's first keyframe.
    """
    if video.codec == "vp9":
        assert video.fps
        tick = f"{video.fps.denominator}/{video.fps.numerator}"
        return options | {"pass": number, "passlogfile": str(stats.absolute()), "enc_time_base:v": tick}
    name = f"{_PARAMS[video.codec]}-params"
    params = [options[name]] if name in options else []
    params += [f"stats={_escaped(str(stats.absolute()))}", *(["vbv-init=1"] if number == 2 else [])]
    if video.codec == "h264":
        return options | {"pass": number, name: ":".join(params)}
    return options | {name: ":".join([*params, f"pass={number}", *(["slow-firstpass=0"] if number == 1 else [])])}


def _escaped(text: str) -> str:
    """For a list of key=value:key=value."""
    return "".join(f"\\{one}" if one in "\\':" else one for one in text)
