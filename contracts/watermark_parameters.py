"""What a template of watermarks holds. Ranges and defaults: reference C.4."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .lengths import FontSize, Place, Size, SvgSize
from .model import Asked

WatermarkType = Literal["image", "text", "svg"]
CoordinateOrigin = Literal["top_left", "top_right", "bottom_left", "bottom_right"]
RepeatType = Literal["once", "repeat_last_frame", "repeat"]
FontType = Literal["simkai.ttf", "arial.ttf"]
IMAGE_BYTES = 200_000
"""The most that an image given as content has, decoded."""
Transparency = Annotated[int, Field(ge=0, le=100)]
FontAlpha = Annotated[float, Field(gt=0, le=1)]
FontColor = Annotated[str, Field(pattern=r"^0x[0-9A-Fa-f]{6}$")]


class WatermarkImage(Asked):
    """An image: jpeg, png, gif or webp, as `content` (base64, 200 kB decoded) or at a `url` of our own storage.

    A `height` or `width` of 0px follows the other; both 0px: as the image is. An animated one plays over and over, or
    once, then gone or with its last picture staying. `transparency` 0 is opaque, 100 invisible.
    """

    content: str | None = Field(default=None, min_length=1, max_length=IMAGE_BYTES * 4 // 3 + 4)
    url: str | None = Field(default=None, min_length=1, max_length=4096)
    width: Size = "10%"
    height: Size = "0px"
    repeat_type: RepeatType = "repeat"
    transparency: Transparency = 0

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.content is None) == (self.url is None):
            raise ValueError("give either content or url")
        return self


class WatermarkText(Asked):
    """How text looks that a task gives: simkai.ttf has Chinese and Latin letters, arial.ttf Latin ones only."""

    font_type: FontType
    font_size: FontSize
    font_color: FontColor = "0xFFFFFF"
    font_alpha: FontAlpha = 1.0


class WatermarkSvg(Asked):
    """How large a drawing is that a task gives; a side of 0px follows the other, both 0px: as the drawing says."""

    width: SvgSize = "10W%"
    height: SvgSize = "0px"


class WatermarkParameters(Asked):
    """A mark on the picture, of one type for good: `image`, `text` and `svg` go with the type of their name.

    `x_pos` and `y_pos` are from the origin's corner of the picture, bars included, to the same corner of the mark.
    """

    type: WatermarkType
    coordinate_origin: CoordinateOrigin = "top_left"
    x_pos: Place = "0px"
    y_pos: Place = "0px"
    image: WatermarkImage | None = None
    text: WatermarkText | None = None
    svg: WatermarkSvg | None = None

    @model_validator(mode="after")
    def _of_its_type(self) -> Self:
        for name in ("image", "text", "svg"):
            given = getattr(self, name) is not None
            if given and name != self.type:
                raise ValueError(f"{name} does not go with type {self.type}")
            if not given and name == self.type and name != "svg":
                raise ValueError(f"type {self.type} needs {name}")
        return self
