"""Subtasks: what one is, how it stands, what it made, and the events that tell."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from .edit_outputs import EditMediaOutput, TakenInput
from .edit_parameters import EditInput, EditParameters
from .head_tails import HeadTailParameters
from .model import Model, Timestamp
from .naming_options import OneFile, Segmented, SeveralFiles, Sheets, SubStreams
from .parameters import (
    AnimatedGraphicParameters,
    SampledSnapshotParameters,
    SnapshotParameters,
    SpriteParameters,
    TranscodeParameters,
)
from .picture_outputs import (
    AnimatedGraphicOutput,
    CoverOutput,
    PictureOutput,
    SampledSnapshotOutput,
    SnapshotOutput,
    SpriteOutput,
)
from .rendition_outputs import AudioOutput, SubtitleOutput, TranscodeOutput, VideoOutput
from .streaming_outputs import AdaptiveDynamicStreamingOutput, SubStream
from .streaming_parameters import AdaptiveDynamicStreamingParameters
from .tasks import OffsetS, PositionType, SubtaskKind, TimeOffset
from .watermarks import Marked, Mosaic

__all__ = [
    "AdaptiveDynamicStreaming",
    "AdaptiveDynamicStreamingOutput",
    "AnimatedGraphic",
    "AnimatedGraphicOutput",
    "AudioOutput",
    "Cover",
    "CoverOutput",
    "EditMedia",
    "EditMediaOutput",
    "ImageSprite",
    "PictureOutput",
    "SampledSnapshot",
    "SampledSnapshotOutput",
    "Snapshot",
    "SnapshotOutput",
    "SpriteOutput",
    "SubStream",
    "Subtask",
    "SubtaskEvent",
    "SubtaskOutput",
    "SubtaskState",
    "SubtaskView",
    "SubtitleOutput",
    "TakenInput",
    "Transcode",
    "TranscodeOutput",
    "VideoOutput",
    "Windowed",
]


class SubtaskState(StrEnum):
    """How a subtask stands."""

    WAITING = "waiting"
    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    ABORTED = "aborted"

    @property
    def ended(self) -> bool:
        """Whether it never changes again."""
        return self in (SubtaskState.SUCCESS, SubtaskState.FAILED, SubtaskState.ABORTED)


class _Subtask(Model):
    subtask_id: str
    """Within its flow: kind and number, such as `transcode-1`."""
    definition: int


class Windowed(_Subtask):
    """Something to make of a window of the source."""

    start_time_offset_s: OffsetS = 0.0
    end_time_offset_s: OffsetS = 0.0


class Transcode(Marked, Windowed, Segmented):
    """A rendition to make, its template resolved to plain parameters."""

    kind: Literal["transcode"] = "transcode"
    parameters: TranscodeParameters
    head_tails: list[HeadTailParameters] = Field(default_factory=list)
    mosaics: list[Mosaic] = Field(default_factory=list)


class Snapshot(Marked, _Subtask, SeveralFiles):
    """Pictures at given times to take."""

    kind: Literal["snapshot_by_time_offset"] = "snapshot_by_time_offset"
    parameters: SnapshotParameters
    time_offsets: list[TimeOffset]


class SampledSnapshot(Marked, _Subtask, SeveralFiles):
    """Pictures at equal distances to take."""

    kind: Literal["sampled_snapshot"] = "sampled_snapshot"
    parameters: SampledSnapshotParameters


class ImageSprite(_Subtask, Sheets):
    """Sprite sheets to make."""

    kind: Literal["image_sprite"] = "image_sprite"
    parameters: SpriteParameters


class AnimatedGraphic(Windowed, OneFile):
    """Moving pictures to make."""

    kind: Literal["animated_graphic"] = "animated_graphic"
    parameters: AnimatedGraphicParameters


class Cover(Marked, _Subtask, OneFile):
    """One picture to take that stands for the whole."""

    kind: Literal["cover_by_snapshot"] = "cover_by_snapshot"
    parameters: SnapshotParameters
    position_type: PositionType
    position_value: float


class AdaptiveDynamicStreaming(Marked, _Subtask, SubStreams):
    """Renditions with their manifest to make."""

    kind: Literal["adaptive_dynamic_streaming"] = "adaptive_dynamic_streaming"
    parameters: AdaptiveDynamicStreamingParameters


class EditMedia(_Subtask, Segmented):
    """One new video to make of several inputs. `definition` tells which of them is the base: reference B.7."""

    kind: Literal["edit_media"] = "edit_media"
    inputs: list[EditInput]
    parameters: EditParameters


Subtask = Annotated[
    Transcode
    | Snapshot
    | SampledSnapshot
    | ImageSprite
    | AnimatedGraphic
    | Cover
    | AdaptiveDynamicStreaming
    | EditMedia,
    Field(discriminator="kind"),
]


SubtaskOutput = Annotated[
    TranscodeOutput
    | SnapshotOutput
    | SampledSnapshotOutput
    | SpriteOutput
    | AnimatedGraphicOutput
    | CoverOutput
    | AdaptiveDynamicStreamingOutput
    | EditMediaOutput,
    Field(discriminator="kind"),
]


class SubtaskView(Model):
    """How a subtask stands. `code` is "" unless it failed (codes: reference E.4); `output` is set on success."""

    subtask_id: str
    kind: SubtaskKind
    definition: int
    state: SubtaskState = SubtaskState.WAITING
    progress_percent: float = Field(default=0.0, ge=0, le=100)
    code: str = ""
    message: str = ""
    output: SubtaskOutput | None = None
    started_at: Timestamp | None = None
    ended_at: Timestamp | None = None


class SubtaskEvent(Model):
    """Data of `subtask.started.v1`, `subtask.progressed.v1` and `subtask.finished.v1`."""

    flow_id: str
    session_id: str = ""
    session_context: str = ""
    notify_mode: Literal["finish", "change", "none"] = "finish"
    subtask: SubtaskView
