"""SDR colours in the numbers of HDR pictures: of watermarks, which are drawn in sRGB. Pure.

Sources: IEC 61966-2-1 (sRGB); ITU-R BT.2087 (BT.709 to BT.2020); BT.2100 (PQ, HLG with its OOTF, matrix); BT.2408
(white of graphics at 203 cd/m2, on a screen of 1000: 58 % of PQ, 75 % of HLG).
"""

import math
from functools import cache

from PIL.ImageFilter import Color3DLUT

from contracts.colours import Transfer

WHITE_NITS = 203.0
SCREEN_NITS = 1000.0
"""Of HLG, which tells brightness as a share of the screen's."""
STEPS = 33
"""Of each colour in the table: what lies between is interpolated."""
Light = tuple[float, float, float]
_WIDER = ((0.6274, 0.3293, 0.0433), (0.0691, 0.9195, 0.0114), (0.0164, 0.0880, 0.8956))
_LUMA = (0.2627, 0.6780, 0.0593)


@cache
def table(transfer: Transfer) -> Color3DLUT:
    """Pillow's filter from sRGB to Y, Cb, Cr of BT.2020 in the limited range of 8 bit."""
    return Color3DLUT.generate(STEPS, lambda red, green, blue: _planes(transfer, (red, green, blue)))


def _planes(transfer: Transfer, srgb: Light) -> Light:
    narrow = [_linear(value) for value in srgb]
    wide = _light(*(sum(a * b for a, b in zip(row, narrow, strict=True)) for row in _WIDER))
    red, green, blue = _hlg(wide) if transfer == "arib-std-b67" else _light(*(_pq(value) for value in wide))
    luma = _luminance((red, green, blue))
    cb, cr = (blue - luma) / (2 - 2 * _LUMA[2]), (red - luma) / (2 - 2 * _LUMA[0])
    return (16 + 219 * luma) / 255, (128 + 224 * cb) / 255, (128 + 224 * cr) / 255


def _light(*values: float) -> Light:
    red, green, blue = (max(0.0, value) for value in values)
    return red, green, blue


def _luminance(light: Light) -> float:
    return sum(a * b for a, b in zip(_LUMA, light, strict=True))


def _linear(value: float) -> float:
    """sRGB to light, white is 1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _pq(light: float) -> float:
    """Light, 1 is graphics' white, to PQ."""
    power = (light * WHITE_NITS / 10_000) ** 0.1593017578125
    return float(((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)


def _hlg(light: Light) -> Light:
    """Light as the screen shows it to light of the scene, and that to HLG."""
    shown = _light(*(value * WHITE_NITS / SCREEN_NITS for value in light))
    luminance = _luminance(shown)
    scene = luminance ** (1 / 1.2 - 1) if luminance else 0.0
    return _light(*(_hlg_signal(value * scene) for value in shown))


def _hlg_signal(light: float) -> float:
    return math.sqrt(3 * light) if light <= 1 / 12 else 0.17883277 * math.log(12 * light - 0.28466892) + 0.55991073
