"""Watermarks and mosaics as a subtask carries them: every template resolved, large content by its URL."""

from typing import Annotated, Literal

from pydantic import Field

from .lengths import FontSize, Place, Size, SvgSize
from .model import Model
from .offsets import OffsetS
from .watermark_parameters import CoordinateOrigin, FontType, RepeatType


class _Mark(Model):
    coordinate_origin: CoordinateOrigin = "top_left"
    x_pos: Place = "0px"
    y_pos: Place = "0px"
    start_time_offset_s: OffsetS = 0.0
    end_time_offset_s: OffsetS = 0.0


class ImageWatermark(_Mark):
    """An image to draw; `url` is in our own storage."""

    type: Literal["image"] = "image"
    definition: int = 0
    url: str
    width: Size = "10%"
    height: Size = "0px"
    repeat_type: RepeatType = "repeat"
    transparency: int = 0


class TextWatermark(_Mark):
    """Text to draw."""

    type: Literal["text"] = "text"
    definition: int = 0
    content: str
    font_type: FontType
    font_size: FontSize
    font_color: str = "0xFFFFFF"
    font_alpha: float = 1.0


class SvgWatermark(_Mark):
    """A drawing; `url` is in our own storage."""

    type: Literal["svg"] = "svg"
    definition: int = 0
    url: str
    width: SvgSize = "10W%"
    height: SvgSize = "0px"


class Mosaic(_Mark):
    """A region to make unrecognisable."""

    type: Literal["mosaic"] = "mosaic"
    width: Size = "10%"
    height: Size = "10%"


Watermark = Annotated[ImageWatermark | TextWatermark | SvgWatermark, Field(discriminator="type")]
Mark = Annotated[ImageWatermark | TextWatermark | SvgWatermark | Mosaic, Field(discriminator="type")]


class Marked(Model):
    """A subtask whose pictures get watermarks."""

    watermarks: list[Watermark] = Field(default_factory=list)
