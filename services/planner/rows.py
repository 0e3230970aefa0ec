"""Units of renditions that are made of several sources: chunks of each, one sound, a join per rendition. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from contracts.units import AudioEncode, ChunkRef, SoundRef, SoundRow, TranscodeWork

from . import cost
from .clips import Clips, Inserts, usable
from .group import Group
from .joins import Pieces, joins
from .pieces import Piece, faded
from .planned import PlannedUnit
from .renditions import frame_rate
from .row import Row, alike, changed, joined_later
from .row_levels import level
from .wholes import sound_pieces, subtask_ids
from .windows import Window


def between(film: Group, inserts: Inserts, clips: Clips, fps: float) -> Row:
    """A film between its heads and tails."""
    film = joined_later(film)
    heads, tails = (
        [
            alike(film, usable(one.url, clips), Window(), one.fill, f"{film.name}-{place}-{n}")
            for n, one in enumerate(added)
        ]
        for place, added in (("head", inserts.heads), ("tail", inserts.tails))
    )
    return Row(film.name, film, [*heads, film, *tails], fps)


def row_units(row: Row) -> list[PlannedUnit]:
    """The units of all renditions of a row.

    A source without a reliable index goes by the clock, in one chunk, and so does every one when a cut proves inexact.
    """
    pieces = row_pieces(row)
    made = _units(row, _in_step(pieces), row.name)
    if all(piece.group.span is None for piece in pieces):
        return made
    back = clocked(row, pieces)
    return [unit.model_copy(update={"group": row.name}) for unit in (*made, *back)]


def row_pieces(row: Row) -> list[Piece]:
    """Each source's share of it."""
    rate = frame_rate(row.fps)
    groups = [_at(rate, group) for group in row.groups]
    if rate is None:
        groups = _levelled(groups)
    return [Piece(group, rate, edited=row.edited) for group in groups]


def clocked(row: Row, pieces: Sequence[Piece]) -> list[PlannedUnit]:
    """The units that make it without trust in any index, should it come to that."""
    name = f"{row.name}-by-clock"
    back = [piece.by_clock().named(piece.group.name.replace(row.name, name, 1)) for piece in pieces]
    return [unit.model_copy(update={"fallback": True}) for unit in _units(row, _in_step(back), name)]


def _at(rate: Fraction | None, group: Group) -> Group:
    """At the row's rate, or when it is shorter than one picture at that, at its own times; it ends on time."""
    span = replace(group.span, closed=True) if group.span else None
    fps = None if rate and span and span.tick(span.stop, rate) < 1 else rate
    renditions = [changed(one, fps=fps) for one in group.renditions]
    return replace(group, span=span, renditions=renditions)


def _levelled(groups: Sequence[Group]) -> list[Group]:
    """Sources of different rates are joined under the header of the first: it has to hold for all."""
    rates = [group.video.frame_rate for group in groups if group.video]
    return [
        replace(
            group,
            renditions=[
                changed(one, level=level(one.video, rates), shared_header=True) for one in group.renditions if one.video
            ],
        )
        for group in groups
    ]


def _in_step(pieces: Sequence[Piece]) -> list[Piece]:
    """Each piece forces its keyframes where the segments of playlists begin, which count from the row's first packet.

    How long a piece by the clock lasts nobody knows before: those behind it count from their own start, and the segment
    in which they begin has another length.
    """
    made: list[Piece] = []
    silent_s, lead_s = Fraction(0), pieces[0].lead_s
    for piece, then in zip(pieces, [*pieces[1:], None], strict=True):
        made.append(piece.behind(silent_s + lead_s, silent_s))
        shown_s = piece.shown_s
        silent_s = Fraction(0) if shown_s is None else silent_s + shown_s + (then.lead_s if then else 0)
    return made


def _units(row: Row, pieces: Sequence[Piece], name: str) -> list[PlannedUnit]:
    """In the order to request them: chunk 0, the sound, the other chunks longest first, the joins."""
    chunks = [unit for piece in pieces for unit in piece.chunks()]
    sound = row_sound(row, pieces, name)
    rest = sorted(chunks[1:], key=lambda unit: -unit.cost_s)
    first = [chunks[0], *([sound] if sound and not sound.depends_on else [])]
    last = [sound] if sound and sound.depends_on else []
    return [*first, *rest, *last, *_joins(row, pieces, sound, name)]


def row_sound(row: Row, pieces: Sequence[Piece], name: str) -> PlannedUnit | None:
    """The whole sound, one encode per distinct setting; None where no source has any."""
    heard = [rendition for rendition in row.base.renditions if rendition.audio]
    audible = sorted((piece for piece in pieces if piece.heard), key=lambda piece: piece.group.name != row.base.name)
    if not heard or not audible:
        return None
    kept = all(piece.group.span for piece in pieces)
    own = audible[0].group.media.audio
    assert own is not None
    sounds = SoundRow(
        pieces=faded([piece.sound(kept=kept) for piece in pieces], pieces),
        sample_rate_hz=own.sample_rate_hz or 48000,
        channels=own.channels or 2,
    )
    settings = _settings(row)
    seconds = sum(piece.group.seconds for piece in pieces)
    return PlannedUnit(
        unit_id=f"{name}-sound",
        subtask_ids=subtask_ids(heard),
        work=TranscodeWork(
            source=row.base.source,
            times="kept" if kept else "mended",
            row=sounds,
            outputs=sound_pieces(settings),
            duration_s=seconds or None,
        ),
        depends_on=[piece.measured_by.unit_id for piece in sounds.pieces if piece.measured_by],
        cost_s=cost.START_S + cost.SOUND_S * seconds * len(settings),
    )


def _settings(row: Row) -> list[AudioEncode]:
    return list(dict.fromkeys(one.audio for one in row.base.renditions if one.audio))


def _joins(row: Row, pieces: Sequence[Piece], sound: PlannedUnit | None, name: str) -> list[PlannedUnit]:
    leads = [*(piece.lead_s for piece in pieces[1:]), Fraction(0)]
    pictures = {
        one.name: [ref for piece, then_s in zip(pieces, leads, strict=True) for ref in piece.refs(one.name, then_s)]
        for one in row.base.renditions
    }
    return row_joins(row, pieces, pictures, sound, name)


def row_joins(
    row: Row,
    pieces: Sequence[Piece],
    pictures: Mapping[str, list[ChunkRef]],
    sound: PlannedUnit | None,
    name: str,
) -> list[PlannedUnit]:
    """The units that put pictures, by rendition, and the sound together."""
    sounds = {
        setting: SoundRef(unit_id=sound.unit_id, name=f"sound-{n}")
        for n, setting in enumerate(_settings(row) if sound else [])
        if sound
    }
    seconds = sum(piece.group.seconds for piece in pieces)
    return joins(row.base, Pieces(pictures, sounds, pieces[0].lead_s, seconds, row.notes), name)
