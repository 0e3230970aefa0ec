"""Marks that a task puts on the picture. Ranges: reference B.3 (WatermarkInput, MosaicInput)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .lengths import Place, Size
from .model import Asked
from .offsets import OffsetS
from .watermark_parameters import WatermarkParameters

MOST_MARKS = 10
TextContent = Annotated[str, Field(max_length=100)]
SvgContent = Annotated[str, Field(max_length=2_000_000)]


class _Shown(Asked):
    """Times count from the output's start: 0 its start (as an end: its end), negative: before its end.

    What lies beyond the output is not shown.
    """

    start_time_offset_s: OffsetS = 0.0
    end_time_offset_s: OffsetS = 0.0


class WatermarkTask(_Shown):
    """A watermark by template, or with `definition` 0 by `raw` parameters of an image.

    `text_content` is the text of a template of type text, `svg_content` the drawing of one of type svg.
    """

    definition: int = Field(ge=0, le=2_147_483_647)
    raw: WatermarkParameters | None = None
    text_content: TextContent | None = None
    svg_content: SvgContent | None = None

    @model_validator(mode="after")
    def _raw_or_by_number(self) -> Self:
        if (self.definition == 0) != (self.raw is not None):
            raise ValueError("definition 0 goes with raw, and raw with definition 0")
        return self


class MosaicTask(_Shown):
    """A region that is made unrecognisable, from the top left corner."""

    coordinate_origin: Literal["top_left"] = "top_left"
    x_pos: Place = "0px"
    y_pos: Place = "0px"
    width: Size = "10%"
    height: Size = "10%"

    @model_validator(mode="after")
    def _has_a_size(self) -> Self:
        if "0px" in (self.width, self.height):
            raise ValueError("width and height must not be 0px")
        return self


class Watermarked(Asked):
    """A task whose pictures get watermarks, drawn in the order given."""

    watermarks: list[WatermarkTask] = Field(default_factory=list, max_length=MOST_MARKS)
