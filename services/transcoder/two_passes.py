"""Two passes for a chunk whose bit rate is given. Pure.

Rate control in one pass starts blind: it pays for its first keyframe with the dozens of pictures after it, 3 to 5 dB
at each seam, where an encode in one piece is long past that. A first pass over the chunk, shrunk and at constant
quality, tells x264 what is to come. It costs little more than decoding once more: some 5 % of a chunk of 1080p in three
renditions.
"""

from pathlib import Path
from typing import Any

from contracts.units import EncodeOutput, Framing

from .encoders import Tuning

CRF = 23
SHRINK = 4
"""x264 converts its statistics to another size: a quarter of width and height shows as much of what is to come."""
LEAST_SIDE = 16


def wanted(output: EncodeOutput, tuning: Tuning) -> bool:
    """Whether an output is a chunk in H.264 at a given average bit rate: a constant one may not look far ahead."""
    video = output.video
    if output.url is not None or video is None or video.threads != 1 or tuning.lossless:
        return False
    return video.codec == "h264" and video.vcrf is None and video.bitrate_kbps > 0 and video.mode != "cbr"


def shrunk(output: EncodeOutput) -> EncodeOutput:
    """The output as the first pass makes it."""
    video = output.video
    assert video is not None
    small = {"framing": _small(video.framing), "bitrate_kbps": 0, "vcrf": CRF}
    return output.model_copy(update={"video": video.model_copy(update=small)})


def _small(framing: Framing) -> Framing:
    names = ("width", "height", "scale_width", "scale_height")
    sides = {name: max(LEAST_SIDE, getattr(framing, name) // (2 * SHRINK) * 2) for name in names}
    return framing.model_copy(update=sides)


def passing(number: int, stats: Path, options: dict[str, Any]) -> dict[str, Any]:
    """An encoder's options for the first pass or the second, with the file that the one writes for the other."""
    params = [options["x264-params"]] if "x264-params" in options else []
    told = f"stats={_escaped(str(stats.absolute()))}"
    return options | {"pass": number, "x264-params": ":".join([*params, told])}


def _escaped(text: str) -> str:
    """For a list of key=value:key=value."""
    return "".join(f"\\{one}" if one in "\\':" else one for one in text)
