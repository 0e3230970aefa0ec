"""RGBA images to raw planes as ffmpeg's overlay blends them (yuva420p). Pure.

Chroma is the mean of two by two pixels weighted by alpha: what is transparent has no colour that could bleed in.
"""

from PIL import Image

from contracts.colours import Transfer
from contracts.drawings import Coding

from .hdr_codes import table

_HDR: dict[str, Transfer] = {"pq": "smpte2084", "hlg": "arib-std-b67"}
_LUMA = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722)}
"""Shares of red and blue in brightness."""
Rows = tuple[float, ...]


def planes(image: Image.Image, coding: Coding) -> bytes:
    """The planes of an image with even sides, in the limited range, one after another."""
    half = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
    luma = _coded(image, coding).getchannel(0)
    _, blue, red = _coded(half, coding).split()
    return b"".join(plane.tobytes() for plane in (luma, blue, red, image.getchannel("A")))


def _coded(image: Image.Image, coding: Coding) -> Image.Image:
    plain = image.convert("RGB")
    return plain.filter(table(_HDR[coding])) if coding in _HDR else plain.convert("RGB", _rows(coding))


def _rows(matrix: str) -> Rows:
    """From RGB to Y, Cb, Cr of 8 bit."""
    red, blue = _LUMA[matrix]
    green = 1 - red - blue
    y = [red * 219 / 255, green * 219 / 255, blue * 219 / 255, 16.0]
    to_cb, to_cr = 224 / 255 / 2 / (1 - blue), 224 / 255 / 2 / (1 - red)
    cb = [-red * to_cb, -green * to_cb, (1 - blue) * to_cb, 128.0]
    cr = [(1 - red) * to_cr, -green * to_cr, -blue * to_cr, 128.0]
    return (*y, *cb, *cr)
