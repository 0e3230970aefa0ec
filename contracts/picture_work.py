"""What the snapshotter is asked to do. Internal; other systems don't need it. Times as in `work`."""

from typing import ClassVar, Literal

from pydantic import Field

from .drawings import Drawing
from .model import Model
from .parameters import AnimationFormat, PictureFormat, SampleType
from .rational import Rational
from .source import Source
from .tasks import SubtaskKind
from .work import Framing, Times, VideoIn, WorkerKind


class Shot(Model):
    """One picture: the frame whose PTS lies in `start` <= PTS < `end` (midpoints); `time_s` is what was asked.

    `seek_s` is an absolute time at or before the keyframe to decode from. Several shots may name the same frame. With
    times mended, `start` and `end` are None: the first frame not before `time_s`, else the last, is taken.
    """

    time_s: float
    start: int | None
    end: int | None
    seek_s: float | None = None
    url: str | None = None
    """Where the picture goes; None for a sprite's tiles."""


class Sheets(Model):
    """The tiles go on sheets, row by row; `urls` has one URL for each sheet."""

    rows: int
    columns: int
    urls: list[str]
    vtt_url: str
    end_s: float
    """Where the last tile's time ends: the source's duration."""


class PicturesWork(Model):
    """Still pictures of one subtask, `shots` in the order of the result.

    `method` scan: one decode that keeps the shots' frames; keys: the same of key pictures alone, for shots that are all
    such; seek: a jump to each, `at_once` in a process. A scan starts at the first shot's `seek_s`. `sample_type` and
    `sample_interval` are set for sampled snapshots, `sheets` for sprites.
    """

    worker: ClassVar[WorkerKind] = "pictures"
    kind: Literal["pictures"] = "pictures"
    subtask_id: str
    makes: SubtaskKind | None = None
    """The kind of its result; None from a planner that did not tell yet."""
    source: Source
    video: VideoIn
    times: Times = "kept"
    method: Literal["scan", "seek", "keys"]
    at_once: int = 12
    shots: list[Shot] = Field(min_length=1)
    framing: Framing
    format: PictureFormat = "jpg"
    sheets: Sheets | None = None
    sample_type: SampleType | None = None
    sample_interval: float | None = None
    duration_s: float | None = None
    drawings: list[Drawing] = Field(default_factory=list)
    """What is drawn on each picture, in this order; of an animation its first picture."""


class AnimationWork(Model):
    """Moving pictures of one subtask in one file: `fps` a second, each the one on show at its time.

    `start`, `end` bound the ticks 1/`fps` to keep; end None: to the last picture. Tick 0 is at `zero_pts` of the source
    (with times mended: counted from the container's start). The number of pictures made must lie within `frames_min`..
    `frames_max`: with times kept another one is inexact, with times mended more than that are refused. `start_s`,
    `end_s` are the window in seconds from the container's start, as the user is told it.
    """

    worker: ClassVar[WorkerKind] = "pictures"
    kind: Literal["animation"] = "animation"
    subtask_id: str
    source: Source
    video: VideoIn
    times: Times = "kept"
    fps: Rational
    zero_pts: int
    start: int
    end: int | None
    frames_min: int
    frames_max: int
    framing: Framing
    format: AnimationFormat
    quality: int
    url: str
    start_s: float
    end_s: float | None = None
    duration_s: float | None = None
