"""Subtasks: what one is, how it stands, what it made, and the events that tell."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from .model import Model, Timestamp
from .parameters import (
    SampledSnapshotParameters,
    SampleType,
    SnapshotParameters,
    SpriteParameters,
    TranscodeParameters,
)
from .tasks import OffsetS, SubtaskKind, TimeOffset


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


class Transcode(_Subtask):
    """A rendition to make, its template resolved to plain parameters."""

    kind: Literal["transcode"] = "transcode"
    parameters: TranscodeParameters
    start_time_offset_s: OffsetS = 0.0
    end_time_offset_s: OffsetS = 0.0


class Snapshot(_Subtask):
    """Pictures at given times to take."""

    kind: Literal["snapshot_by_time_offset"] = "snapshot_by_time_offset"
    parameters: SnapshotParameters
    time_offsets: list[TimeOffset]


class SampledSnapshot(_Subtask):
    """Pictures at equal distances to take."""

    kind: Literal["sampled_snapshot"] = "sampled_snapshot"
    parameters: SampledSnapshotParameters


class ImageSprite(_Subtask):
    """Sprite sheets to make."""

    kind: Literal["image_sprite"] = "image_sprite"
    parameters: SpriteParameters


Subtask = Annotated[Transcode | Snapshot | SampledSnapshot | ImageSprite, Field(discriminator="kind")]


class VideoOutput(Model):
    """The picture of a rendition."""

    codec: str
    width: int
    height: int
    frame_rate: float | None = None
    frames: int
    bitrate_kbps: float | None = None


class AudioOutput(Model):
    """The sound of a rendition."""

    codec: str
    sample_rate_hz: int
    channels: int
    bitrate_kbps: float | None = None


class TranscodeOutput(Model):
    """A finished rendition. `chunks` is in how many pieces it was made; `notes` tell what a user should know."""

    kind: Literal["transcode"] = "transcode"
    url: str
    container: str
    size_bytes: int
    duration_s: float
    bitrate_kbps: float
    video: VideoOutput | None = None
    audio: AudioOutput | None = None
    chunks: int = 1
    notes: list[str] = Field(default_factory=list)


class PictureOutput(Model):
    """One still picture: the frame on show at `time_s` (from the source's start)."""

    url: str
    time_s: float
    width: int
    height: int
    size_bytes: int


class SnapshotOutput(Model):
    """Finished snapshots, in the order of the times asked."""

    kind: Literal["snapshot_by_time_offset"] = "snapshot_by_time_offset"
    pictures: list[PictureOutput]


class SampledSnapshotOutput(Model):
    """Finished sampled snapshots, in the order of time."""

    kind: Literal["sampled_snapshot"] = "sampled_snapshot"
    sample_type: SampleType
    sample_interval: float
    pictures: list[PictureOutput]


class SpriteOutput(Model):
    """Finished sprite sheets; `width`, `height` of one tile; `vtt_url` maps times to tiles (WebVTT, `#xywh=`)."""

    kind: Literal["image_sprite"] = "image_sprite"
    width: int
    height: int
    rows: int
    columns: int
    tiles: int
    sheet_urls: list[str]
    vtt_url: str
    size_bytes: int


SubtaskOutput = Annotated[
    TranscodeOutput | SnapshotOutput | SampledSnapshotOutput | SpriteOutput, Field(discriminator="kind")
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
