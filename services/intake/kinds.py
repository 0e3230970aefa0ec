"""What there is of each kind of subtask: preset templates, parameters, how many templates a tenant may have. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts import presets
from contracts.model import Asked
from contracts.parameters import (
    SampledSnapshotParameters,
    SnapshotParameters,
    SpriteParameters,
    TranscodeParameters,
)
from contracts.subtasks import ImageSprite, SampledSnapshot, Snapshot, Transcode
from contracts.tasks import SubtaskKind


@dataclass(frozen=True)
class Kind:
    """A kind of subtask. `quota` is the most templates of a tenant's own; source: reference A.3."""

    presets: Mapping[int, Asked]
    parameters: type[Asked]
    subtask: type[Any]
    quota: int


KINDS: dict[SubtaskKind, Kind] = {
    "transcode": Kind(presets.TRANSCODE, TranscodeParameters, Transcode, 100),
    "snapshot_by_time_offset": Kind(presets.SNAPSHOT, SnapshotParameters, Snapshot, 16),
    "sampled_snapshot": Kind(presets.SAMPLED_SNAPSHOT, SampledSnapshotParameters, SampledSnapshot, 16),
    "image_sprite": Kind(presets.SPRITE, SpriteParameters, ImageSprite, 16),
}
"""Every kind, in the order of a flow's subtasks."""
