"""Places and sizes on a picture: pixels ("20px") or shares of it ("10%"). Ranges: reference B.3, C.4."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

_PX = r"\d{1,4}px"
_SHARE = r"\d{1,3}(\.\d{1,4})?"
FARTHEST_PX = 8192
LEAST_PX, MOST_PX = 8, 4096


def _place(value: str) -> str:
    amount = _amount(value, "%")
    if value.endswith("%") and amount > 100:
        raise ValueError('must be "0%" to "100%"')
    if value.endswith("px") and amount > FARTHEST_PX:
        raise ValueError(f'must be "0px" to "{FARTHEST_PX}px"')
    return value


def _size(value: str) -> str:
    return _checked_size(value, "%")


def _svg_size(value: str) -> str:
    return _checked_size(value, "[WHSL]?%")


def _font_size(value: str) -> str:
    if _checked_size(value, "%").startswith("0px"):
        raise ValueError(f'must be "{LEAST_PX}px" to "{MOST_PX}px" or more than "0%" to "100%"')
    return value


def _checked_size(value: str, shares: str) -> str:
    amount = _amount(value, shares)
    if value.endswith("%") and not 0 < amount <= 100:
        raise ValueError('a share must be more than "0%" and at most "100%"')
    if value.endswith("px") and amount and not LEAST_PX <= amount <= MOST_PX:
        raise ValueError(f'must be "0px" (follows the other side) or "{LEAST_PX}px" to "{MOST_PX}px"')
    return value


def _amount(value: str, shares: str) -> float:
    if not re.fullmatch(f"{_PX}|{_SHARE}{shares}", value, re.ASCII):
        raise ValueError('must be such as "20px" or "10%"' + (', "10W%"' if "W" in shares else ""))
    return float(value.rstrip("pxWHSL%"))


def _text(units: str, check: AfterValidator) -> tuple[object, AfterValidator]:
    return Field(max_length=12, json_schema_extra={"pattern": f"^({_PX}|{_SHARE}{units})$"}), check


Place = Annotated[str, *_text("%", AfterValidator(_place))]
"""A distance from the picture's edge: "0%" to "100%" of its width or height, or "0px" to "8192px"."""
Size = Annotated[str, *_text("%", AfterValidator(_size))]
"""A width or height: up to "100%" of the picture's, "8px" to "4096px", or "0px": follows the other side."""
SvgSize = Annotated[str, *_text("[WHSL]?%", AfterValidator(_svg_size))]
"""The same; W% of the width, H% height, S% short side, L% long side; % alone: of the width for a width, and so on."""
FontSize = Annotated[str, *_text("%", AfterValidator(_font_size))]
"""A font's size: "8px" to "4096px", or a share of the picture's height."""
