"""Two passes where the bit rate is given: for chunks in H.264, and for all VP9. Pure.

VP9 in one pass misses the bit rate by a tenth; its first pass costs a tenth. For H.264 it is the chunks: rate control
in one pass starts blind, and pays for its first keyframe with the dozens of pictures after it, 3 to 5 dB at each seam,
where an encode in one piece is long past that. A first pass over the chunk and what follows it, shrunk and at constant
quality, tells x264 what is to come. It costs little more than decoding once more: some 5 % of a chunk of 1080p in
three renditions; and the second pass is spared looking ahead.
"""

from pathlib import Path
from typing import Any

from contracts.units import EncodeOutput, Framing, VideoEncode

from .encoders import Tuning

CRF = 23
SHRINK = 2
"""By scaling, and once more by leaving out every other pixel and line: x264 converts its statistics to another size,
but scaling alone takes the grain out, and 18 % too many bits are spent on a film that has some."""
LEAST_SIDE = 16


def wanted(output: EncodeOutput, tuning: Tuning) -> bool:
    """Whether an output is made at an average bit rate in VP9, or as a chunk in H.264.

    Not at a constant one, which may not look far ahead. libvpx counts on pictures of equal length, one tick each.
    """
    video = output.video
    if video is None or tuning.lossless or video.vcrf is not None or not video.bitrate_kbps or video.mode == "cbr":
        return False
    return (video.codec == "vp9" and regular(video)) or (
        video.codec == "h264" and output.url is None and video.threads == 1
    )


def shrunk(output: EncodeOutput) -> EncodeOutput:
    """The output as the first pass scales it: libvpx has to see all of it."""
    video = output.video
    assert video is not None
    if video.codec != "h264":
        return output
    small = {"framing": _small(video.framing), "bitrate_kbps": 0, "vcrf": CRF}
    if video.end is not None:
        small["end"] = video.look_ahead_end
    return output.model_copy(update={"video": video.model_copy(update=small)})


def thinned(picture: Any, video: VideoEncode) -> Any:
    """What was scaled, with every other pixel and line left out."""
    if video.codec != "h264":
        return picture
    small = _small(video.framing)
    return picture.filter("scale", small.width, small.height, flags="neighbor")


def _small(framing: Framing) -> Framing:
    names = ("width", "height", "scale_width", "scale_height")
    sides = {name: max(LEAST_SIDE, getattr(framing, name) // (2 * SHRINK) * 2) for name in names}
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
    params = [options["x264-params"]] if "x264-params" in options else []
    told = [*params, f"stats={_escaped(str(stats.absolute()))}", *(["vbv-init=1"] if number == 2 else [])]
    return options | {"pass": number, "x264-params": ":".join(told)}


def _escaped(text: str) -> str:
    """For a list of key=value:key=value."""
    return "".join(f"\\{one}" if one in "\\':" else one for one in text)
