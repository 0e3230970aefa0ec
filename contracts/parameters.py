"""Resolved parameters of each kind of subtask: what a template holds. Ranges follow the reference (C.1 to C.5)."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from .model import Asked

FillType = Literal["stretch", "black", "white", "gauss"]
SampleType = Literal["percent", "time"]
PictureFormat = Literal["jpg", "png", "webp"]
AnimationFormat = Literal["gif", "webp"]
Adaptive = Literal["open", "close"]


@dataclass(frozen=True)
class _ZeroOr:
    """0 or within a range, in the model and in its JSON Schema."""

    low: int
    high: int

    def check(self, value: int) -> int:
        if value != 0 and not self.low <= value <= self.high:
            raise ValueError(f"must be 0 or {self.low} to {self.high}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"anyOf": [{"const": 0}, {"minimum": self.low, "maximum": self.high}]}


VideoSide = Annotated[int, _ZeroOr(128, 8192)]
PictureSide = Annotated[int, _ZeroOr(32, 4096)]
AnimationSide = Annotated[int, _ZeroOr(128, 4096)]
TileSide = Annotated[int, _ZeroOr(32, 4096)]


class VideoParameters(Asked):
    """How the picture is encoded.

    `fps` 0 keeps the source's own times (a variable rate stays variable); `bitrate_kbps` 0 lets quality decide (`vcrf`,
    else a default); `vcrf` set switches to constant quality and the bit rate is ignored. With
    `resolution_adaptive` open, `width` means the long side and `height` the short side; 0 follows proportionally.
    """

    codec: Literal["h264"] = "h264"
    fps: float = Field(default=0, ge=0, le=120)
    bitrate_kbps: Annotated[int, _ZeroOr(128, 100_000)] = 0
    resolution_adaptive: Adaptive = "open"
    width: VideoSide = 0
    height: VideoSide = 0
    fill_type: FillType = "black"
    vcrf: int | None = Field(default=None, ge=1, le=51)
    gop: int = Field(default=0, ge=0, le=100_000)
    """Pictures between keyframes; 0 = the encoder's choice."""
    profile: Literal["baseline", "main", "high"] = "high"


class AudioParameters(Asked):
    """How the sound is encoded. 0 keeps the source's sample rate or channels; bit rate 0 is the encoder's choice."""

    codec: Literal["aac"] = "aac"
    bitrate_kbps: Annotated[int, _ZeroOr(26, 320)] = 0
    sample_rate_hz: Literal[0, 16000, 22050, 32000, 44100, 48000] = 44100
    channels: Literal[0, 1, 2, 6] = 2


class TranscodeParameters(Asked):
    """One rendition."""

    container: Literal["mp4"] = "mp4"
    remove_video: bool = False
    remove_audio: bool = False
    video: VideoParameters = VideoParameters()
    audio: AudioParameters = AudioParameters()

    @model_validator(mode="after")
    def _keeps_something(self) -> Self:
        if self.remove_video and self.remove_audio:
            raise ValueError("remove_video and remove_audio together leave nothing")
        return self


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
