"""The kinds of subtask: for each its model, its templates, and its word in the names of results (reference B.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import presets
from .model import Asked
from .subtasks import AnimatedGraphic, Cover, ImageSprite, SampledSnapshot, Snapshot, Transcode
from .tasks import SubtaskKind


@dataclass(frozen=True)
class Kind:
    """One kind of subtask."""

    subtask: type[Any]
    templates: Mapping[int, Asked]
    word: str


KINDS: dict[SubtaskKind, Kind] = {
    "transcode": Kind(Transcode, presets.TRANSCODE, "transcode"),
    "snapshot_by_time_offset": Kind(Snapshot, presets.SNAPSHOT, "snapshotByTimeOffset"),
    "sampled_snapshot": Kind(SampledSnapshot, presets.SAMPLED_SNAPSHOT, "sampleSnapshot"),
    "image_sprite": Kind(ImageSprite, presets.SPRITE, "imageSprite"),
    "animated_graphic": Kind(AnimatedGraphic, presets.ANIMATED_GRAPHIC, "animatedGraphic"),
    "cover_by_snapshot": Kind(Cover, presets.SNAPSHOT, "coverBySnapshot"),
}
"""In the order in which a flow numbers and tells them."""
