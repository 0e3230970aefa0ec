"""A flow's plan: from what was asked and what the source is to units of work. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from contracts.codes import SOURCE_UNSUPPORTED
from contracts.flows import FlowAccepted
from contracts.media import MediaInfo
from contracts.subtasks import AdaptiveDynamicStreaming, Transcode
from contracts.tasks import SubtaskKind
from contracts.units import Source, UnitError
from shared.errors import MediaError
from shared.index import PacketIndex
from shared.naming import EXTENSIONS

from .animations import animation
from .chunks import cut, cut_units
from .clips import NO_CLIPS, Clips, Inserts, chosen, usable
from .drawings import check_times, drawn
from .film import Film
from .group import Group
from .hls import hls_files
from .looks import in_one_look
from .naming import Names
from .opened import neighbours
from .pictures import pictures
from .planned import Fleet, Plan, PlannedUnit
from .remux import remux
from .renditions import Rendition, rendition
from .rows import between, row_units
from .span import Span
from .streaming import Streaming
from .streams import kept
from .usable import check_picture, check_size, has_sound
from .wholes import wholes
from .windows import Window, window

RULES: dict[SubtaskKind, Callable[[Any, Film], list[PlannedUnit]]] = {
    "snapshot_by_time_offset": pictures,
    "sampled_snapshot": pictures,
    "image_sprite": pictures,
    "cover_by_snapshot": pictures,
    "animated_graphic": animation,
}
"""What makes the units of a subtask on its own: `(subtask, film) -> units`, or MediaError. Renditions and streams go
together."""


def plan(
    accepted: FlowAccepted,
    media: MediaInfo,
    index: PacketIndex | None,
    fleet: Fleet,
    clips: Clips = NO_CLIPS,
    source_url: str | None = None,
) -> Plan:
    """The units that make everything asked of a source, in the order to request them.

    `clips` are all candidates for heads and tails; `source_url` is where the source lies, when not at its own URL. What
    can't be done for this source is in `failed`, by subtask; the rest goes ahead. Without an index nothing is cut and
    times go by the clock.
    """
    source = Source(url=source_url or accepted.input.url, size_bytes=media.size_bytes)
    names = Names(accepted.input.url, accepted.output, accepted.subtasks)
    film = Film(source, media, index, names)
    planner = _Planner(source, media, index, names, fleet, clips)
    failed: dict[str, UnitError] = {}
    ladders: dict[_Shared, list[Transcode | AdaptiveDynamicStreaming]] = {}
    series: list[PlannedUnit] = []
    for subtask in accepted.subtasks:
        try:
            if isinstance(subtask, Transcode) and subtask.parameters.copies:
                series += remux(subtask, source, media, index, planner.offsets(subtask), names)
            elif isinstance(subtask, Transcode | AdaptiveDynamicStreaming):
                ladders.setdefault(planner.shared(subtask), []).append(subtask)
            else:
                series += RULES[subtask.kind](subtask, film)
        except MediaError as error:
            failed[subtask.subtask_id] = error.told()
    units = [
        unit
        for n, (common, group) in enumerate(ladders.items())
        for unit in planner.ladder(f"video-{n}", common, group)
    ]
    return Plan(units=[*units, *series], failed=failed)


class _Shared(NamedTuple):
    """What renditions must have in common to be made together: with clips, which share one sound, the rate too."""

    window: Window
    inserts: Inserts = Inserts()
    fps: float = 0


@dataclass(frozen=True)
class _Planner:
    """What all groups of a flow have in common."""

    source: Source
    media: MediaInfo
    index: PacketIndex | None
    names: Names
    fleet: Fleet
    clips: Clips

    def offsets(self, subtask: Transcode) -> Window:
        """The window that a rendition's offsets name. Raises MediaError when it is empty."""
        return window(subtask.start_time_offset_s, subtask.end_time_offset_s, self.media)

    def window(self, subtask: Transcode | AdaptiveDynamicStreaming) -> Window:
        """The window that a subtask shows. Raises MediaError when this source can't give it."""
        if isinstance(subtask, AdaptiveDynamicStreaming):
            kept(subtask.parameters, self.media, has_audio=has_sound(self.media, Window()))
            check_times(subtask, Window(), self.media)
            return Window()
        asked = self.offsets(subtask)
        if not subtask.parameters.remove_video:
            check_picture(self.media)
            if self.media.video is not None:
                check_size(subtask.parameters.video, self.media.video)
            check_times(subtask, asked, self.media)
            if self.index is not None:
                self.span(asked, self.index)
        elif not has_sound(self.media, asked):
            raise MediaError("the picture is not wanted, and the source has no sound there", SOURCE_UNSUPPORTED)
        return asked

    def shared(self, subtask: Transcode | AdaptiveDynamicStreaming) -> _Shared:
        """The window and the clips around it. Raises MediaError when there is one that can't be had."""
        asked = self.window(subtask)
        if isinstance(subtask, AdaptiveDynamicStreaming) or not subtask.head_tails or self.media.video is None:
            return _Shared(asked)
        return _Shared(asked, chosen(subtask.head_tails, self.media.video, self.clips), subtask.parameters.video.fps)

    def span(self, asked: Window, index: PacketIndex) -> Span:
        """The pictures of a window. Raises MediaError when there are none."""
        return Span.of(asked, self.media.start_s, index, neighbours(self.media.video))

    def ladder(
        self, name: str, common: _Shared, subtasks: list[Transcode | AdaptiveDynamicStreaming]
    ) -> list[PlannedUnit]:
        """The units for all renditions of a window."""
        asked, inserts = common.window, common.inserts
        files = [subtask for subtask in subtasks if isinstance(subtask, Transcode)]
        adaptive = [subtask for subtask in subtasks if isinstance(subtask, AdaptiveDynamicStreaming)]
        pictured = any(not subtask.parameters.remove_video for subtask in files) or (adaptive and self.media.video)
        span = self.span(asked, self.index) if pictured and self.index is not None else None
        added = [usable(one.url, self.clips).media for one in (*inserts.heads, *inserts.tails)]
        heard = has_sound(self.media, asked) or any(has_sound(clip, Window()) for clip in added)
        streaming = Streaming(self.media, span, heard, self.names)
        for subtask in adaptive:
            streaming.add(subtask)
        renditions = [self._rendition(subtask, common, span, heard=heard) for subtask in files]
        group = Group(
            name=name,
            source=self.source,
            media=self.media,
            window=asked,
            span=span,
            renditions=[*renditions, *streaming.renditions],
            urls={
                one.name: self.names.url(one.name, EXTENSIONS.get(one.container, one.container)) for one in renditions
            },
            fleet=self.fleet,
            hls={one.subtask_id: hls_files(one, self.names) for one in files if one.parameters.container == "hls"},
            sets=streaming.sets,
        )
        if added:
            return row_units(between(group, inserts, self.clips, common.fps))
        places = cut(group)
        return cut_units(group, span, places) if span is not None and places else wholes(group)

    def _rendition(self, asked: Transcode, common: _Shared, span: Span | None, *, heard: bool) -> Rendition:
        video = self.media.video
        subtask, told = in_one_look(asked, video, common.inserts, self.clips) if video else (asked, [])
        made = replace(rendition(subtask, self.media, span, has_audio=heard), notes=tuple(told))
        if made.video is None:
            return made
        return replace(made, video=drawn(made.video, subtask, common.window, span, self.media))
