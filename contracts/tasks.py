"""What a flow's submitter asks for: the tasks, each a template's number and what to change of it."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, JsonValue, model_validator

from .fitting import Misfit
from .head_tails import HeadTailTask
from .model import Asked
from .naming_options import OneFile, Segmented, SeveralFiles, Sheets, SubStreams
from .offsets import OffsetS as OffsetS
from .rendition_parameters import TranscodeParameters, misfits
from .watermark_tasks import MOST_MARKS, MosaicTask, Watermarked

TaskKind = Literal[
    "transcode",
    "snapshot_by_time_offset",
    "sampled_snapshot",
    "image_sprite",
    "animated_graphic",
    "cover_by_snapshot",
    "adaptive_dynamic_streaming",
]
"""What can be asked for one source."""
SubtaskKind = Literal[TaskKind, "edit_media"]

TemplateKind = Literal[
    "transcode",
    "snapshot_by_time_offset",
    "sampled_snapshot",
    "image_sprite",
    "animated_graphic",
    "adaptive_dynamic_streaming",
    "watermark",
    "head_tail",
]
"""Kinds that have templates of their own; a cover uses those of `snapshot_by_time_offset`. What a `watermark` or a
`head_tail` template holds is no subtask but a part of others."""
PositionType = Literal["time", "percent"]

Override = dict[str, JsonValue]
"""Members of the template's parameters that are to be different for this task: merged over them, then checked."""

TIME_OFFSET_PATTERN = r"^(-?\d+(\.\d+)?s|(100(\.0+)?|0*\d{1,2}(\.\d+)?)%)$"


def _time_offset(value: str) -> str:
    number = value[:-1]
    if value[-1:] not in ("s", "%"):
        raise ValueError('must end in s (seconds) or % (of the duration), such as "3.5s" or "10%"')
    if not re.fullmatch(r"-?\d+(\.\d+)?", number, re.ASCII):
        raise ValueError(f"{number!r} is no number")
    amount = float(number)
    if value[-1] == "%" and not 0 <= amount <= 100:
        raise ValueError("a percentage must be 0 to 100")
    if not abs(amount) <= 1e7:
        raise ValueError("a time must be within 10,000,000 s")
    return value


TimeOffset = Annotated[
    str, Field(max_length=24, json_schema_extra={"pattern": TIME_OFFSET_PATTERN}), AfterValidator(_time_offset)
]


class _Task(Asked):
    definition: int = Field(ge=0, le=2_147_483_647)
    override: Override = Field(default_factory=dict)


class TranscodeTask(Watermarked, _Task, Segmented):
    """A rendition by template, of the whole source or of a window of it.

    `head_tails` put clips in front of it and behind it, which play in the order given: the first one's head first of
    all, the last one's tail last of all. The window cuts the source only, never a head or tail. Watermarks and mosaics
    are on the source only, and their times count from where it starts.

    `definition` 0 means no template: `raw` has the parameters in full.
    """

    raw: TranscodeParameters | None = None
    start_time_offset_s: OffsetS = 0.0
    end_time_offset_s: OffsetS = 0.0
    mosaics: list[MosaicTask] = Field(default_factory=list, max_length=MOST_MARKS)
    head_tails: list[HeadTailTask] = Field(default_factory=list, max_length=10)

    @model_validator(mode="after")
    def _raw_or_template(self) -> Self:
        if self.definition and self.raw is not None:
            raise misfits(
                "TranscodeTask", [Misfit(("raw",), None, "needs definition 0: a template has its own parameters")]
            )
        if not self.definition and self.raw is None:
            raise misfits("TranscodeTask", [Misfit(("definition",), 0, "0 needs raw, the parameters in full")])
        if not self.definition and self.override:
            raise misfits(
                "TranscodeTask",
                [Misfit(("override",), None, "changes a template; with definition 0 write it into raw")],
            )
        return self


class SnapshotTask(Watermarked, _Task, SeveralFiles):
    """Pictures at the times given: "3.5s", "-2s" (before the end) or "10%" (of the duration)."""

    definition: int = Field(default=10, ge=0, le=2_147_483_647)
    time_offsets: list[TimeOffset] = Field(min_length=1, max_length=100)


class SampledSnapshotTask(Watermarked, _Task, SeveralFiles):
    """Pictures at equal distances over the whole source."""

    definition: int = Field(default=10, ge=0, le=2_147_483_647)


class SpriteTask(_Task, Sheets):
    """Sheets of small pictures with a WebVTT file that tells which tile shows which time."""

    definition: int = Field(default=10, ge=0, le=2_147_483_647)


class AnimatedGraphicTask(_Task, OneFile):
    """Moving pictures of the whole source or of a window of it."""

    start_time_offset_s: OffsetS = 0.0
    end_time_offset_s: OffsetS = 0.0


class CoverTask(Watermarked, _Task, OneFile):
    """One picture that stands for the whole: at a time in seconds, or at so many percent of the duration.

    `definition` is a template of snapshots by time offset.
    """

    definition: int = Field(default=10, ge=0, le=2_147_483_647)
    position_type: PositionType
    position_value: float = Field(ge=0, le=1e7, allow_inf_nan=False)

    @model_validator(mode="after")
    def _percentage(self) -> Self:
        if self.position_type == "percent" and self.position_value > 100:
            raise ValueError("position_value in percent must be at most 100")
        return self


class AdaptiveDynamicStreamingTask(Watermarked, _Task, SubStreams):
    """Renditions that a player switches between while it plays, with their manifest (HLS or DASH)."""


class Tasks(Asked):
    """Everything asked for one source."""

    transcode: list[TranscodeTask] = Field(default_factory=list, max_length=50)
    snapshot_by_time_offset: list[SnapshotTask] = Field(default_factory=list, max_length=50)
    sampled_snapshot: list[SampledSnapshotTask] = Field(default_factory=list, max_length=50)
    image_sprite: list[SpriteTask] = Field(default_factory=list, max_length=50)
    animated_graphic: list[AnimatedGraphicTask] = Field(default_factory=list, max_length=50)
    cover_by_snapshot: list[CoverTask] = Field(default_factory=list, max_length=50)
    adaptive_dynamic_streaming: list[AdaptiveDynamicStreamingTask] = Field(default_factory=list, max_length=10)

    def of_kind(self, kind: SubtaskKind) -> list[Any]:
        """The tasks of one kind, in the order asked."""
        tasks: list[Any] = getattr(self, kind)
        return tasks

    def count(self) -> int:
        """How many subtasks this makes."""
        return sum(len(getattr(self, kind)) for kind in type(self).model_fields)
