"""An edit's plan: windows of several sources, one after the other, in one new file. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.flows import FlowAccepted
from contracts.media import MediaInfo
from contracts.subtasks import EditMedia, Transcode
from contracts.units import MergeWork, TranscodeWork, UnitError
from shared.errors import MediaError
from shared.naming import EXTENSIONS

from .clips import Clips
from .copying import copied_units, obstacle
from .group import Group
from .hls import hls_files
from .naming import Names
from .notes import notes
from .planned import Edited, Fleet, Plan, PlannedUnit
from .remux import remux
from .renditions import rendition
from .row import Row, alike, joined_later
from .rows import row_units
from .takes import Take, taken
from .usable import check_size, has_sound

ROW = "video-0"
MOST_FPS = 120.0
ABOUT = 0.01
"""Rates that differ by less than this share count as the same."""


def edit_of(accepted: FlowAccepted) -> EditMedia | None:
    """The edit that a flow is, if it is one."""
    return next((subtask for subtask in accepted.subtasks if isinstance(subtask, EditMedia)), None)


def plan_edit(accepted: FlowAccepted, edit: EditMedia, fleet: Fleet, clips: Clips) -> tuple[MediaInfo, Plan]:
    """What the base of an edit is, and the units that make it; `clips` are its inputs, by URL.

    An edit that can't be done is in `failed`, and the first input that is known stands for the base. Raises MediaError
    when none is.
    """
    names = Names(accepted.input.url, accepted.output, accepted.subtasks)
    try:
        takes = taken(edit, clips)
        base = base_of(edit, takes)
        fast = edit.parameters.type == "fast"
        units = _fast(edit, base, names) if fast else _exact(edit, takes, base, names, fleet)
    except MediaError as error:
        known = [clip.media for clip in clips.values() if not isinstance(clip, UnitError)]
        if not known:
            raise
        return known[0], Plan(units=[], failed={edit.subtask_id: error.told()})
    return base.clip.media, Plan(units=units)


def base_of(edit: EditMedia, takes: Sequence[Take]) -> Take:
    """The input that tells what the edit leaves open: definition 10 the largest picture, 20 the highest bit rate."""
    if edit.definition == 20:
        return max(takes, key=lambda one: one.video.bitrate_kbps or one.clip.media.bitrate_kbps or 0.0)
    return max(takes, key=lambda one: one.video.display_width * one.video.display_height)


def rate_of(edit: EditMedia, takes: Sequence[Take], base: Take) -> float:
    """The rate that all pictures are brought to; 0: each keeps its own time."""
    if edit.parameters.video.fps:
        return edit.parameters.video.fps
    rates = [one.video.frame_rate for one in takes]
    known = [float(rate) for rate in rates if rate]
    if len({one.clip.source.url for one in takes}) == 1 or (
        len(known) == len(rates) and max(known) - min(known) <= ABOUT * max(known)
    ):
        return 0.0
    return min(float(base.video.frame_rate or 25), MOST_FPS)


def _fast(edit: EditMedia, take: Take, names: Names) -> list[PlannedUnit]:
    """A copy of the only input, from the key picture on."""
    copy = Transcode(subtask_id=edit.subtask_id, definition=edit.definition, parameters=edit.parameters.rendition())
    media, source = take.clip.media, take.clip.source
    units = remux(copy, source, media, take.clip.index, take.window, names)
    return _told(units, [take], take, copied=True)


def _exact(edit: EditMedia, takes: Sequence[Take], base: Take, names: Names, fleet: Fleet) -> list[PlannedUnit]:
    row = row_of(edit, takes, base, names, fleet)
    why = obstacle(edit.parameters, takes, row.fps)
    if why is None:
        units, back = copied_units(row)
        return [*_told(units, takes, base, copied=True), *_told(back, takes, base, copied=False)]
    row = replace(row, notes=[*(row.notes or ()), f"encoded: {why}"])
    return _told(row_units(row), takes, base, copied=False)


def row_of(edit: EditMedia, takes: Sequence[Take], base: Take, names: Names, fleet: Fleet) -> Row:
    """All inputs as pieces of one rendition.

    Raises MediaError when the base's picture can't be encoded as asked.
    """
    parameters = edit.parameters.rendition()
    video = parameters.video.model_copy(update={"fps": rate_of(edit, takes, base)})
    asked = parameters.model_copy(update={"video": video})
    check_size(asked.video, base.video)
    copy = Transcode(subtask_id=edit.subtask_id, definition=edit.definition, parameters=asked)
    heard = any(has_sound(one.clip.media, one.window) for one in takes)
    container = asked.container
    group = Group(
        name=_name(base),
        source=base.clip.source,
        media=base.clip.media,
        window=base.window,
        span=base.span,
        renditions=[rendition(copy, base.clip.media, base.span, has_audio=heard)],
        urls={edit.subtask_id: names.url(edit.subtask_id, EXTENSIONS.get(container, container))},
        fleet=fleet,
        hls={edit.subtask_id: hls_files(copy, names)} if container == "hls" else {},
    )
    group = joined_later(group)
    fill = edit.parameters.video.fill_type
    groups = [group if one is base else alike(group, one.clip, one.window, fill, _name(one)) for one in takes]
    told = [
        f"inputs.{one.number}: {note}"
        for one, part in zip(takes, groups, strict=True)
        for note in (*notes(part, None), *one.unheard())
    ]
    return Row(ROW, group, groups, asked.video.fps, edited=True, notes=told)


def _name(take: Take) -> str:
    return f"{ROW}-input-{take.number}"


def _told(units: Sequence[PlannedUnit], takes: Sequence[Take], base: Take, *, copied: bool) -> list[PlannedUnit]:
    edited = Edited(copied=copied, base=base.number, inputs=[one.told() for one in takes])
    return [unit.model_copy(update={"edited": edited}) if _ends(unit) else unit for unit in units]


def _ends(unit: PlannedUnit) -> bool:
    """Whether it makes the result."""
    work = unit.work
    return isinstance(work, MergeWork) or (isinstance(work, TranscodeWork) and any(one.url for one in work.outputs))
