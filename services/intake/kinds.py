"""What there is of each kind of template: its parameters, its presets, how many a tenant may have of its own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.head_tails import HeadTailParameters
from contracts.kinds import KINDS
from contracts.model import Asked
from contracts.parameters import (
    AnimatedGraphicParameters,
    SampledSnapshotParameters,
    SnapshotParameters,
    SpriteParameters,
    TranscodeParameters,
)
from contracts.streaming_parameters import AdaptiveDynamicStreamingParameters
from contracts.tasks import TaskKind, TemplateKind
from contracts.watermark_parameters import WatermarkParameters


@dataclass(frozen=True)
class Templates:
    """A kind of template. `quota` is the most that a tenant may have of its own; source: reference A.3.

    `named`: each must have a name.
    """

    presets: Mapping[int, Asked]
    parameters: type[Asked]
    quota: int
    named: bool = False


def _of(kind: TaskKind, parameters: type[Asked], quota: int) -> Templates:
    return Templates(KINDS[kind].templates, parameters, quota)


TEMPLATES: dict[TemplateKind, Templates] = {
    "transcode": _of("transcode", TranscodeParameters, 100),
    "snapshot_by_time_offset": _of("snapshot_by_time_offset", SnapshotParameters, 16),
    "sampled_snapshot": _of("sampled_snapshot", SampledSnapshotParameters, 16),
    "image_sprite": _of("image_sprite", SpriteParameters, 16),
    "animated_graphic": _of("animated_graphic", AnimatedGraphicParameters, 16),
    "adaptive_dynamic_streaming": _of("adaptive_dynamic_streaming", AdaptiveDynamicStreamingParameters, 100),
    "watermark": Templates({}, WatermarkParameters, 1000),
    "head_tail": Templates({}, HeadTailParameters, 100, named=True),
}
"""Every kind that has templates of its own."""
