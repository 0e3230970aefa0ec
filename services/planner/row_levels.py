"""The level that one header tells for pictures of several rates. Pure.

Source: contracts/picture_fitting.py; ITU-T H.264 table A-1 (MaxDpbMbs).
"""

import math
from collections.abc import Iterable
from fractions import Fraction

from contracts.picture_fitting import LEVELS
from contracts.units import VideoEncode

PEAK = 1.5
"""The highest bit rate, against the average asked for."""
PICTURES_HELD = 4
"""How many pictures x264 refers to at its usual patience."""
LEAST = "3"
"""Every player takes it; what lies below isn't worth counting out."""
_HELD = {
    "3": 8_100,
    "3.1": 18_000,
    "3.2": 20_480,
    "4": 32_768,
    "4.1": 32_768,
    "4.2": 34_816,
    "5": 110_400,
    "5.1": 184_320,
    "5.2": 184_320,
}
"""H.264: the most macroblocks of pictures held, above these 696 320."""
_BLOCK = {"h264": 16, "h265": 8}


def level(encode: VideoEncode, rates: Iterable[Fraction | None]) -> str:
    """What is asked for, or else the least level for pictures that come at any of the rates.

    "" where the codec needs no telling.
    """
    if encode.level or encode.codec not in _BLOCK:
        return encode.level
    rate = max((one for one in rates if one), default=Fraction(25))
    block = _BLOCK[encode.codec]
    samples = math.ceil(encode.framing.width / block) * math.ceil(encode.framing.height / block) * block * block
    peak_kbps = encode.max_bitrate_kbps or encode.bitrate_kbps * PEAK
    held = samples // 256 * PICTURES_HELD if encode.codec == "h264" else 0
    known = LEVELS[encode.codec]
    names = list(known)[list(known).index(LEAST) :]
    for name in names:
        most = known[name]
        fits = samples <= most.picture and samples * rate <= most.second and peak_kbps <= most.kbps
        if fits and held <= _HELD.get(name, 696_320):
            return name
    return names[-1]
