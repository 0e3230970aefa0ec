"""The level that one header tells for pictures of several rates. Pure.

Sources: ITU-T H.264 table A-1 (in macroblocks; rates in kbps, High profile), H.265 tables A.8 and A.9 (Main tier).
"""

import math
from collections.abc import Iterable
from fractions import Fraction

from contracts.units import VideoEncode

PEAK = 1.5
"""The highest bit rate, against the average asked for."""
PICTURES_HELD = 4
"""How many pictures x264 refers to at its usual patience."""
_H264 = (
    (30, 40_500, 1_620, 8_100, 12_500),
    (31, 108_000, 3_600, 18_000, 17_500),
    (32, 216_000, 5_120, 20_480, 25_000),
    (40, 245_760, 8_192, 32_768, 25_000),
    (41, 245_760, 8_192, 32_768, 62_500),
    (42, 522_240, 8_704, 34_816, 62_500),
    (50, 589_824, 22_080, 110_400, 168_750),
    (51, 983_040, 36_864, 184_320, 300_000),
    (52, 2_073_600, 36_864, 184_320, 300_000),
    (60, 4_177_920, 139_264, 696_320, 300_000),
    (61, 8_355_840, 139_264, 696_320, 600_000),
    (62, 16_711_680, 139_264, 696_320, 1_000_000),
)
_H265 = (
    (30, 16_588_800, 552_960, 6_000),
    (31, 33_177_600, 983_040, 10_000),
    (40, 66_846_720, 2_228_224, 12_000),
    (41, 133_693_440, 2_228_224, 20_000),
    (50, 267_386_880, 8_912_896, 25_000),
    (51, 534_773_760, 8_912_896, 40_000),
    (52, 1_069_547_520, 8_912_896, 60_000),
    (60, 1_069_547_520, 35_651_584, 60_000),
    (61, 2_139_095_040, 35_651_584, 120_000),
    (62, 4_278_190_080, 35_651_584, 240_000),
)


def level(encode: VideoEncode, rates: Iterable[Fraction | None]) -> int:
    """The least level, in tenths, for pictures that come at any of the rates; 0 where the codec needs no telling."""
    rate = max((one for one in rates if one), default=Fraction(25))
    width, height = encode.framing.width, encode.framing.height
    peak_kbps = encode.max_bitrate_kbps or encode.bitrate_kbps * PEAK
    if encode.codec == "h264":
        blocks = math.ceil(width / 16) * math.ceil(height / 16)
        needs = (blocks * rate, blocks, blocks * PICTURES_HELD, peak_kbps)
        return next((number for number, *limits in _H264 if _within(needs, limits)), _H264[-1][0])
    if encode.codec == "h265":
        pixels = width * height
        needs_h265 = (pixels * rate, pixels, peak_kbps)
        return next((number for number, *limits in _H265 if _within(needs_h265, limits)), _H265[-1][0])
    return 0


def _within(needs: Iterable[float | Fraction], limits: Iterable[int]) -> bool:
    return all(need <= limit for need, limit in zip(needs, limits, strict=True))
