"""Units: the messages between the planner and the workers. Internal; other systems don't need them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from .fetch_work import FetchWork
from .looks import Look
from .model import Model, Timestamp
from .package_work import Manifest, PackageWork, StreamFiles, StreamTrack, Variant
from .picture_work import AnimationWork, PicturesWork, Sheets, Shot
from .pieces import PieceRef
from .rational import Rational
from .sound_work import AudioEncode, AudioIn, SoundPiece, SoundRow
from .source import Source
from .subtasks import SubtaskOutput
from .work import (
    ChunkRef,
    Cut,
    EncodeOutput,
    Framing,
    HlsFiles,
    MergeWork,
    Remux,
    SoundRef,
    Times,
    TranscodeWork,
    VideoEncode,
    VideoIn,
    WorkerKind,
)

__all__ = [
    "AnimationWork",
    "AudioEncode",
    "AudioIn",
    "ChunkRef",
    "Cut",
    "EncodeOutput",
    "ErrorKind",
    "FetchWork",
    "Framing",
    "HlsFiles",
    "Look",
    "MadeFile",
    "Manifest",
    "MergeWork",
    "PackageWork",
    "PicturesWork",
    "PieceRef",
    "Remux",
    "Sheets",
    "Shot",
    "SoundPiece",
    "SoundRef",
    "SoundRow",
    "Source",
    "StreamFiles",
    "StreamTrack",
    "Times",
    "TranscodeWork",
    "UnitCancel",
    "UnitError",
    "UnitFinished",
    "UnitProgressed",
    "UnitRequest",
    "UnitStarted",
    "UnitWake",
    "Variant",
    "VideoEncode",
    "VideoIn",
    "Work",
    "WorkerKind",
]

Work = Annotated[
    TranscodeWork | PicturesWork | AnimationWork | MergeWork | PackageWork | FetchWork, Field(discriminator="kind")
]


class UnitRequest(Model):
    """Do this. The same `unit_id` and `attempt` is the same request, however often it comes."""

    flow_id: str
    unit_id: str
    attempt: int = 1
    tenant: str = "default"
    priority: int = 0
    stamp: float = 0.0
    """Fair-share stamp: smaller goes first among the same priority."""
    work: Work
    look_at: list[str] = Field(default_factory=list)
    """URLs of results that a next flow starts with: to be told as `looks`."""


class UnitCancel(Model):
    """Don't, or stop. Units that have ended are left as they are."""

    flow_id: str
    unit_ids: list[str]
    """With their attempts: `transcode-1.1`."""


class UnitWake(Model):
    """To every replica of a worker: there may be something to claim, or `cancelled` names units to stop now."""

    cancelled: list[str] = Field(default_factory=list)


class UnitStarted(Model):
    """A worker began with it."""

    flow_id: str
    unit_id: str
    attempt: int
    worker: str
    stamp: float = 0.0


class UnitProgressed(Model):
    """How far a worker is; transient, about once a second, may get lost."""

    flow_id: str
    unit_id: str
    attempt: int
    progress_percent: float


class ErrorKind(StrEnum):
    """What to do about a unit's failure."""

    PERMANENT = "permanent"
    """The source or the request is at fault: the same anywhere, any time."""
    TRANSIENT = "transient"
    """Try again, elsewhere or later."""
    INEXACT = "inexact"
    """Cut pictures did not come out as the index said: encode in one piece instead."""


class UnitError(Model):
    """Why a unit failed."""

    kind: ErrorKind
    code: str
    message: str


class MadeFile(Model):
    """A file that a unit made: a piece for others, or the final result of a subtask, with its `output`.

    `notes` of a piece tell what a user should know of it.
    """

    name: str
    url: str
    size_bytes: int
    frames: int | None = None
    subtask_id: str | None = None
    shown_s: Rational | None = None
    """How long its pictures are on show, the last one included."""
    output: SubtaskOutput | None = None
    """Set, as is `subtask_id`, for a final result."""
    notes: list[str] = Field(default_factory=list)
    """Of an intermediate: to be told with the result that it becomes a part of."""


class UnitFinished(Model):
    """A worker is done with it: it made `files`, or the `output` of the unit's only subtask."""

    flow_id: str
    unit_id: str
    attempt: int
    worker: str
    error: UnitError | None = None
    files: list[MadeFile] = Field(default_factory=list)
    output: SubtaskOutput | None = None
    looks: list[Look] = Field(default_factory=list)
    started_at: Timestamp
    work_s: float
    """Seconds that the work took on the worker."""
