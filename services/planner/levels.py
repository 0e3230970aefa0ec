"""Whether a picture stays within the level that was asked for. Pure."""

from fractions import Fraction

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.fitting import VideoCodec
from contracts.picture_fitting import LEVELS
from contracts.units import Framing
from shared.errors import MediaError

_BLOCK = {"h264": 16, "h265": 8}
"""Pictures are coded in whole blocks of so many samples a side."""


def check_level(codec: VideoCodec, level: str, framing: Framing, rate: Fraction | None, bitrate_kbps: int) -> None:
    """Raises MediaError when the size, the rate (None: unknown) or the bit rate is more than the level allows.

    An encoder would write the level all the same (x264), or fail (x265).
    """
    most, block = LEVELS[codec][level], _BLOCK[codec]
    samples = -(-framing.width // block) * -(-framing.height // block) * block * block
    size = f"{framing.width} x {framing.height}"
    if samples > most.picture or max(framing.width, framing.height) ** 2 > 8 * most.picture:
        raise _beyond(codec, level, f"{size} pixels")
    if rate is not None and samples * rate > most.second:
        raise _beyond(codec, level, f"{size} pixels at {float(rate):g} pictures a second")
    if bitrate_kbps > most.kbps:
        raise _beyond(codec, level, f"{bitrate_kbps} kbps")


def _beyond(codec: VideoCodec, level: str, what: str) -> MediaError:
    return MediaError(f"level {level} of {codec} does not reach to {what}", CONFIGURATION_UNSUPPORTED)
