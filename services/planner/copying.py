"""When an edit's pictures are joined as they are, and its units then: the sound, and one join. Pure."""

from collections.abc import Iterator, Sequence

from contracts.edit_parameters import EditParameters, EditVideo
from contracts.units import ChunkRef, MergeWork

from .opened import colours, interlaced
from .pieces import Piece
from .planned import PlannedUnit
from .remux import COPY_S
from .row import Row
from .rows import clocked, row_joins, row_pieces, row_sound
from .takes import Take
from .windows import Window

TAGS = {"avc1": "h264", "hvc1": "h265", "av01": "av1"}
"""Of sample descriptions that hold all parameter sets, so that equal ones mean equal decoders."""
ON_TIME_S = 0.000_002


def obstacle(parameters: EditParameters, takes: Sequence[Take], fps: float) -> str | None:
    """Why pictures have to be encoded, the first reason; None when they can be joined as they are.

    `fps` is the rate that they are brought to, 0: each keeps its own time.
    """
    rates = "the inputs have different rates" if fps else None
    return next((why for why in (_asked(parameters), *_inputs(parameters, takes), rates) if why), None)


def _asked(parameters: EditParameters) -> str | None:
    if parameters.container != "mp4":
        return f"pictures are joined as they are in mp4 only, not in {parameters.container}"
    plain = EditVideo(codec=parameters.video.codec, fill_type=parameters.video.fill_type)
    if parameters.video != plain or (parameters.tehd and parameters.tehd.type != "OFF"):
        return "config asks for another picture"
    return None


def _inputs(parameters: EditParameters, takes: Sequence[Take]) -> Iterator[str]:
    first = takes[0]
    for take in takes:
        why = _alone(parameters, take)
        if why is None:
            why = None if _key(take) == _key(first) else f"is coded otherwise than inputs.{first.number}"
        if why:
            yield f"inputs.{take.number} {why}"


def _key(take: Take) -> tuple[object, ...]:
    """What the concat demuxer needs to be the same: it neither maps tracks nor converts times."""
    return take.clip.form and take.clip.form.description, take.video.index, take.video.time_base


def _alone(parameters: EditParameters, take: Take) -> str | None:
    """Why an input can't be joined as it is, whatever the others are."""
    form, video, span, media = take.clip.form, take.video, take.span, take.clip.media
    if take.window != Window():
        return "is cut"
    if form is None or form.tag not in TAGS:
        return "is no MP4 of one picture track in H.264, H.265 (hvc1) or AV1"
    if TAGS[form.tag] != (parameters.video.codec or TAGS[form.tag]):
        return f"is {TAGS[form.tag]}"
    if span is None or form.samples != span.stop - span.first:
        return "has pictures that are not shown, or times that can't be relied on"
    if abs(float(span.first_pts * span.index.time_base) - media.start_s) > ON_TIME_S:
        return "begins with sound alone"
    shown = colours(video)
    if not form.plain or interlaced(video) or video.pixel_format != "yuv420p" or shown.wide or video.sample_aspect != 1:
        return "is turned, interlaced, HDR, or of other pixels than 8-bit 4:2:0 squares"
    if any(one.kind in ("cover", "video") for one in media.others):
        return "has several picture tracks"
    return None


def copied_units(row: Row) -> tuple[list[PlannedUnit], list[PlannedUnit]]:
    """The units that join a row's pictures as they are, and those that encode them should that prove inexact."""
    pieces = row_pieces(row)
    sound = row_sound(row, pieces, row.name)
    name = row.base.renditions[0].name
    chunks = [_whole(piece, name) for piece in pieces]
    joined = [_copied(unit, pieces) for unit in row_joins(row, pieces, {name: chunks}, sound, row.name)]
    made = [*([sound] if sound else []), *joined]
    return [_of(unit, row) for unit in made], [_of(unit, row) for unit in clocked(row, pieces)]


def _whole(piece: Piece, name: str) -> ChunkRef:
    group, span, shown_s = piece.group, piece.group.span, piece.shown_s
    assert span is not None and shown_s is not None
    frames = span.stop - span.first
    return ChunkRef(unit_id="", name=name, url=group.source.url, frames=frames, duration_s=shown_s)


def _copied(unit: PlannedUnit, pieces: Sequence[Piece]) -> PlannedUnit:
    assert isinstance(unit.work, MergeWork)
    spent_s = COPY_S * sum(piece.group.source.size_bytes for piece in pieces) / 1e6
    work = unit.work.model_copy(update={"copied": True})
    return unit.model_copy(update={"work": work, "cost_s": unit.cost_s + spent_s})


def _of(unit: PlannedUnit, row: Row) -> PlannedUnit:
    return unit.model_copy(update={"group": row.name})
