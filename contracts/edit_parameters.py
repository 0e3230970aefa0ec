"""What an edit is made of and how it is encoded. Names and ranges: reference B.7."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .fitting import Channels, Misfit, SampleRate
from .model import Asked
from .offsets import OffsetS
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
    misfits,
)

MOST_INPUTS = 100
EditSide = Annotated[int, ZeroOr(128, 4096)]


class EditInput(Asked):
    """One source of an edit, whole or a window of it, by times as everywhere: negative ones count from its end.

    `url` is a place in our own storage: `file://` below a configured root or `s3://bucket/key`.
    """

    url: str = Field(min_length=1, max_length=4096)
    start_time_offset_s: OffsetS = 0.0
    end_time_offset_s: OffsetS = 0.0


class EditVideo(Asked):
    """How the picture of an edit is encoded. What is left open is as the base has it.

    `codec` None: h264, or the inputs' own where their pictures are joined as they are. `fps` 0: every picture at its
    own time where all inputs have about the same rate, else the base's rate. `bitrate_kbps` 0 lets quality decide.
    `width` and `height` as in renditions; `fill_type` tells how an input of another aspect is brought to it.
    """

    codec: Literal["h264", "h265", "av1"] | None = None
    bitrate_kbps: Annotated[int, ZeroOr(128, 100_000)] = 0
    resolution_adaptive: Adaptive = "open"
    width: EditSide = 0
    height: EditSide = 0
    fps: float = Field(default=0, ge=0, le=100)
    fill_type: FillType = "black"


class EditAudio(Asked):
    """How the sound of an edit is encoded; 0: as the base has it, or the first input with any sound."""

    codec: Literal["aac", "mp3"] = "aac"
    bitrate_kbps: Annotated[int, ZeroOr(6, 512)] = 0
    sample_rate_hz: SampleRate = 0
    channels: Channels = 0
    loudness: Loudness | None = None


class EditParameters(Asked):
    """How an edit is made.

    `type` normal is exact to the picture. fast copies a single input from the key picture before its window on, which
    is quick and about right; nothing else may then be asked. Container hls has segments of `segment_type`.
    """

    container: Literal["mp4", "hls", "flv"] = "mp4"
    type: Literal["normal", "fast"] = "normal"
    video: EditVideo = EditVideo()
    audio: EditAudio = EditAudio()
    tehd: Tehd | None = None
    segment_type: SegmentType = "ts"

    def rendition(self) -> TranscodeParameters:
        """The same as parameters of a rendition."""
        if self.type == "fast":
            video, audio = VideoParameters(codec="copy"), AudioParameters(codec="copy")
        else:
            video = VideoParameters.model_validate(self.video.model_dump() | {"codec": self.video.codec or "h264"})
            audio = AudioParameters.model_validate(self.audio.model_dump())
        return TranscodeParameters(
            container=self.container, video=video, audio=audio, tehd=self.tehd, segment_type=self.segment_type
        )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if found := list(self._unfit()):
            raise misfits(type(self).__name__, found)
        self.rendition()  # a container that can't hold the codecs is told as of any rendition
        return self

    def _unfit(self) -> Iterator[Misfit]:
        if self.type != "fast":
            return
        if self.container == "flv":
            yield Misfit(("container",), self.container, "type fast copies, which goes into mp4 or hls")
        for name, plain in (("video", EditVideo()), ("audio", EditAudio()), ("tehd", None)):
            if getattr(self, name) != plain:
                yield Misfit((name,), getattr(self, name), "type fast copies: leave this out")
