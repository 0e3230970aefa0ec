"""What came of subtasks that make pictures. URLs are final; times count from the source's start (reference E.5)."""

from typing import Literal

from .model import Model
from .parameters import AnimationFormat, SampleType


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


class AnimatedGraphicOutput(Model):
    """A finished animation, `frames` pictures played in `duration_s`; the offsets are the window that it shows.

    `end_time_offset_s` is absent when it goes to the end of a source of unknown length.
    """

    kind: Literal["animated_graphic"] = "animated_graphic"
    url: str
    container: AnimationFormat
    width: int
    height: int
    size_bytes: int
    frames: int
    duration_s: float
    start_time_offset_s: float
    end_time_offset_s: float | None = None


class CoverOutput(PictureOutput):
    """A finished cover."""

    kind: Literal["cover_by_snapshot"] = "cover_by_snapshot"
