"""The kinds of subtask: for each its model, its templates, and its word in the names of results (reference B.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import presets, streaming_presets
from .model import Asked
from .subtasks import (
    AdaptiveDynamicStreaming,
    AnimatedGraphic,
    Cover,
    ImageSprite,
    SampledSnapshot,
    Snapshot,
    Transcode,
)
from .tasks import SubtaskKind, TaskKind, TemplateKind


@dataclass(frozen=True)
class Kind:
    """One kind of task. `templates` are the presets; `template_kind` is the kind whose templates it uses."""

    subtask: type[Any]
    templates: Mapping[int, Asked]
    word: str
    template_kind: TemplateKind


KINDS: dict[TaskKind, Kind] = {
    "transcode": Kind(Transcode, presets.TRANSCODE, "transcode", "transcode"),
    "snapshot_by_time_offset": Kind(Snapshot, presets.SNAPSHOT, "snapshotByTimeOffset", "snapshot_by_time_offset"),
    "sampled_snapshot": Kind(SampledSnapshot, presets.SAMPLED_SNAPSHOT, "sampleSnapshot", "sampled_snapshot"),
    "image_sprite": Kind(ImageSprite, presets.SPRITE, "imageSprite", "image_sprite"),
    "animated_graphic": Kind(AnimatedGraphic, presets.ANIMATED_GRAPHIC, "animatedGraphic", "animated_graphic"),
    "cover_by_snapshot": Kind(Cover, presets.SNAPSHOT, "coverBySnapshot", "snapshot_by_time_offset"),
    "adaptive_dynamic_streaming": Kind(
        AdaptiveDynamicStreaming,
        streaming_presets.ADAPTIVE,
        "adaptiveDynamicStreaming",
        "adaptive_dynamic_streaming",
    ),
}
"""In the order in which a flow numbers and tells them."""

WORDS: dict[SubtaskKind, str] = {**{kind: about.word for kind, about in KINDS.items()}, "edit_media": "editMedia"}
"""Every kind of subtask's word in names."""
