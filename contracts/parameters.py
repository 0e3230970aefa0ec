"""Resolved parameters of each kind of subtask: what a template holds. Ranges follow the reference (C.1 to C.5)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .model import Asked
from .ranges import ZeroOr
from .rendition_parameters import (
    Adaptive,
    AudioParameters,
    FillType,
    Loudness,
    SegmentType,
    Tehd,
    TranscodeParameters,
    VideoParameters,
    VideoSide,
)

__all__ = [
    "Adaptive",
    "AnimatedGraphicParameters",
    "AnimationFormat",
    "AnimationSide",
    "AudioParameters",
    "FillType",
    "Loudness",
    "PictureFormat",
    "PictureParameters",
    "PictureSide",
    "SampleType",
    "SampledSnapshotParameters",
    "SegmentType",
    "SnapshotParameters",
    "SpriteParameters",
    "Tehd",
    "TileSide",
    "TranscodeParameters",
    "VideoParameters",
    "VideoSide",
]

SampleType = Literal["percent", "time"]
PictureFormat = Literal["jpg", "png", "webp"]
AnimationFormat = Literal["gif", "webp"]
PictureSide = Annotated[int, ZeroOr(32, 4096)]
AnimationSide = Annotated[int, ZeroOr(128, 4096)]
TileSide = Annotated[int, ZeroOr(32, 4096)]


class PictureParameters(Asked):
    """Size and form of a still picture; sizes as in `VideoParameters`."""

    format: PictureFormat = "jpg"
    resolution_adaptive: Adaptive = "open"
    width: PictureSide = 0
    height: PictureSide = 0
    fill_type: FillType = "black"


class SampledSnapshotParameters(PictureParameters):
    """Pictures at equal distances: every `sample_interval` percent of the duration, or seconds; the first at 0."""

    sample_type: SampleType
    sample_interval: float = Field(gt=0)

    @model_validator(mode="after")
    def _interval(self) -> Self:
        if self.sample_type == "percent" and self.sample_interval > 100:
            raise ValueError("sample_interval in percent must be at most 100")
        return self


class SpriteParameters(Asked):
    """Sheets of `rows` x `columns` tiles of `width` x `height` pixels, one tile every `sample_interval`."""

    sample_type: SampleType
    sample_interval: float = Field(gt=0)
    rows: int = Field(ge=1, le=100)
    columns: int = Field(ge=1, le=100)
    width: TileSide = 0
    height: TileSide = 0
    resolution_adaptive: Adaptive = "close"
    fill_type: Literal["stretch", "black"] = "black"
    format: PictureFormat = "jpg"

    @model_validator(mode="after")
    def _sheet(self) -> Self:
        if self.sample_type == "percent" and self.sample_interval > 100:
            raise ValueError("sample_interval in percent must be at most 100")
        if self.rows * self.height > 15_000 or self.columns * self.width > 15_000:
            raise ValueError("a sheet (rows x height, columns x width) must be at most 15000 pixels a side")
        return self


class SnapshotParameters(PictureParameters):
    """Pictures at given times."""


class AnimatedGraphicParameters(Asked):
    """Moving pictures without sound, shown over and over; sizes as in `VideoParameters`.

    `quality` of gif is how many colours it may use (all 256 from 75 up); of webp the encoder's own scale.
    """

    fps: float = Field(ge=1, le=30)
    format: AnimationFormat = "gif"
    resolution_adaptive: Adaptive = "open"
    width: AnimationSide = 0
    height: AnimationSide = 0
    quality: int = Field(default=75, ge=1, le=100)
