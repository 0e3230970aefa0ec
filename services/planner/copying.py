"""When an edit's pictures are joined as they are, and its units then: the sound, cuts, one join. Pure."""

from collections.abc import Iterator, Sequence

from contracts.edit_parameters import EditParameters, EditVideo
from contracts.units import ChunkRef, Cut, EncodeOutput, MergeWork, Remux, TranscodeWork

from . import cost
from .opened import colours, interlaced
from .pieces import Piece
from .planned import PlannedUnit
from .remux import COPY_S
from .row import Row
from .rows import clocked, row_joins, row_pieces, row_sound
from .seeking import MARGIN_S
from .span import Span
from .takes import Take
from .wholes import subtask_ids

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
    if form is None or form.tag not in TAGS:
        return "is no MP4 of one picture track in H.264, H.265 (hvc1) or AV1"
    if TAGS[form.tag] != (parameters.video.codec or TAGS[form.tag]):
        return f"is {TAGS[form.tag]}"
    if span is None or form.samples != len(span.index):
        return "has pictures that are not shown, or times that can't be relied on"
    if not {span.first, span.stop} <= form.cuts | {0, form.samples}:
        return "is cut where pictures need others"
    if span.first == 0 and abs(float(span.first_pts * span.index.time_base) - media.start_s) > ON_TIME_S:
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
    cuts = [unit for piece in pieces for unit in _cut_out(piece, name)]
    chunks = [_chunk(piece, name) for piece in pieces]
    joined = [_copied(unit, pieces) for unit in row_joins(row, pieces, {name: chunks}, sound, row.name)]
    made = [*([sound] if sound else []), *cuts, *joined]
    return [_of(unit, row) for unit in made], [_of(unit, row) for unit in clocked(row, pieces)]


def _chunk(piece: Piece, name: str) -> ChunkRef:
    """A whole source is joined from where it lies."""
    span, shown_s = piece.group.span, piece.shown_s
    assert span is not None and shown_s is not None
    if _is_whole(span):
        frames = span.stop - span.first
        return ChunkRef(unit_id="", name=name, url=piece.group.source.url, frames=frames, duration_s=shown_s)
    return ChunkRef(unit_id=_unit_id(piece), name=name, duration_s=shown_s)


def _cut_out(piece: Piece, name: str) -> list[PlannedUnit]:
    """The unit that cuts a window out of its source, if it is not all of it."""
    group, span = piece.group, piece.group.span
    assert span is not None and group.video is not None
    if _is_whole(span):
        return []
    begin, end = span.index.border(span.first) if span.first else None, None
    if span.stop < len(span.index):
        end = span.index.border(span.stop)
    time_base = span.index.time_base
    cut = Cut(
        start_s=None if begin is None else begin * time_base,
        end_s=None if end is None else end * time_base,
        clock_hz=time_base.denominator,
    )
    remux = Remux(
        tracks=[group.video.index],
        start_s=span.index.seconds(span.first_pts),
        end_s=None if end is None else span.index.seconds(end) + MARGIN_S,
        seek_s=span.seek_s(span.first),
        video_codec=group.video.codec,
        frames=span.stop - span.first,
        cut=cut,
    )
    share = (span.stop - span.first) / len(span.index)
    return [
        PlannedUnit(
            unit_id=_unit_id(piece),
            subtask_ids=subtask_ids(group.renditions),
            work=TranscodeWork(source=group.source, outputs=[EncodeOutput(name=name, remux=remux)]),
            cost_s=cost.START_S + COPY_S * share * group.source.size_bytes / 1e6,
        )
    ]


def _is_whole(span: Span) -> bool:
    return (span.first, span.stop) == (0, len(span.index))


def _unit_id(piece: Piece) -> str:
    return f"{piece.group.name}-cut"


def _copied(unit: PlannedUnit, pieces: Sequence[Piece]) -> PlannedUnit:
    assert isinstance(unit.work, MergeWork)
    spent_s = COPY_S * sum(piece.group.source.size_bytes for piece in pieces) / 1e6
    work = unit.work.model_copy(update={"copied": True})
    return unit.model_copy(update={"work": work, "cost_s": unit.cost_s + spent_s})


def _of(unit: PlannedUnit, row: Row) -> PlannedUnit:
    return unit.model_copy(update={"group": row.name})
