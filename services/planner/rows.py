"""Units of renditions that are made of several sources: chunks of each, one sound, a join per rendition. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from contracts.units import AudioEncode, SoundRef, SoundRow, TranscodeWork, VideoEncode

from . import cost
from .clips import Clips, Insert, Inserts, usable
from .framing import framing
from .group import Group
from .joins import Pieces, joins
from .opened import neighbours
from .pieces import Piece
from .planned import PlannedUnit
from .renditions import Rendition, frame_rate
from .row_levels import level
from .span import Span
from .wholes import sound_pieces, subtask_ids
from .windows import Window


def row_units(film: Group, inserts: Inserts, clips: Clips, fps: float) -> list[PlannedUnit]:
    """The units of all renditions of a film between its heads and tails, at a rate that they share (0: own times).

    A source without a reliable index goes by the clock, in one chunk, and so does every one when a cut proves inexact.
    """
    rate = frame_rate(fps)
    film = _joined_later(film)
    heads = [_clip(film, insert, clips, f"{film.name}-head-{n}") for n, insert in enumerate(inserts.heads)]
    tails = [_clip(film, insert, clips, f"{film.name}-tail-{n}") for n, insert in enumerate(inserts.tails)]
    groups = [_at(rate, group) for group in (*heads, film, *tails)]
    if rate is None:
        groups = _levelled(groups)
    pieces = _in_step([Piece(group, rate) for group in groups])
    made = _units(film, pieces, film.name)
    if all(piece.group.span is None for piece in pieces):
        return made
    name = f"{film.name}-by-clock"
    clocked = [piece.by_clock().named(piece.group.name.replace(film.name, name, 1)) for piece in pieces]
    clocked = _in_step(clocked)
    back = [unit.model_copy(update={"fallback": True}) for unit in _units(film, clocked, name)]
    return [unit.model_copy(update={"group": film.name}) for unit in (*made, *back)]


def _joined_later(film: Group) -> Group:
    """Subtitles have no place in what is made of pieces: each of them would have to be moved by the heads."""
    return replace(film, renditions=[replace(one, in_pieces=True) for one in film.renditions])


def _clip(film: Group, insert: Insert, clips: Clips, name: str) -> Group:
    """A clip, its pictures framed to the size of each rendition."""
    clip = usable(insert.url, clips)
    video = clip.media.video
    assert video is not None and film.video is not None

    def framed(encode: VideoEncode) -> VideoEncode:
        size = encode.framing
        shown = framing(video, size.width, size.height, "close", insert.fill, even=True)
        return encode.model_copy(update={"framing": shown, "drawings": ()})

    return Group(
        name=name,
        source=clip.source,
        media=clip.media,
        window=Window(),
        span=Span.of(Window(), clip.media.start_s, clip.index, neighbours(video)) if clip.index else None,
        renditions=[replace(one, video=framed(one.video)) for one in film.renditions if one.video],
        urls=film.urls,
        fleet=film.fleet,
    )


def _at(rate: Fraction | None, group: Group) -> Group:
    """At the row's rate, or when it is shorter than one picture at that, at its own times; it ends on time."""
    span = replace(group.span, closed=True) if group.span else None
    fps = None if rate and span and span.tick(span.stop, rate) < 1 else rate
    renditions = [_changed(one, fps=fps) for one in group.renditions]
    return replace(group, span=span, renditions=renditions)


def _levelled(groups: Sequence[Group]) -> list[Group]:
    """Sources of different rates are joined under the header of the first: it has to hold for all."""
    rates = [group.video.frame_rate for group in groups if group.video]
    return [
        replace(
            group,
            renditions=[
                _changed(one, level=level(one.video, rates), shared_header=True)
                for one in group.renditions
                if one.video
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


def _changed(rendition: Rendition, **members: object) -> Rendition:
    assert rendition.video is not None
    return replace(rendition, video=rendition.video.model_copy(update=members))


def _units(film: Group, pieces: Sequence[Piece], name: str) -> list[PlannedUnit]:
    """In the order to request them: chunk 0, the sound, the other chunks longest first, the joins."""
    chunks = [unit for piece in pieces for unit in piece.chunks()]
    sound = _sound(film, pieces, name)
    rest = sorted(chunks[1:], key=lambda unit: -unit.cost_s)
    first = [chunks[0], *([sound] if sound and not sound.depends_on else [])]
    last = [sound] if sound and sound.depends_on else []
    return [*first, *rest, *last, *_joins(film, pieces, sound, name)]


def _sound(film: Group, pieces: Sequence[Piece], name: str) -> PlannedUnit | None:
    """The whole sound, one encode per distinct setting; None where no source has any."""
    heard = [rendition for rendition in film.renditions if rendition.audio]
    audible = sorted((piece for piece in pieces if piece.heard), key=lambda piece: piece.group.source != film.source)
    if not heard or not audible:
        return None
    kept = all(piece.group.span for piece in pieces)
    own = audible[0].group.media.audio
    assert own is not None
    row = SoundRow(
        pieces=[piece.sound(kept=kept) for piece in pieces],
        sample_rate_hz=own.sample_rate_hz or 48000,
        channels=own.channels or 2,
    )
    settings = _settings(film)
    seconds = sum(piece.group.seconds for piece in pieces)
    return PlannedUnit(
        unit_id=f"{name}-sound",
        subtask_ids=subtask_ids(heard),
        work=TranscodeWork(
            source=film.source,
            times="kept" if kept else "mended",
            row=row,
            outputs=sound_pieces(settings),
            duration_s=seconds or None,
        ),
        depends_on=[piece.measured_by.unit_id for piece in row.pieces if piece.measured_by],
        cost_s=cost.START_S + cost.SOUND_S * seconds * len(settings),
    )


def _settings(film: Group) -> list[AudioEncode]:
    return list(dict.fromkeys(one.audio for one in film.renditions if one.audio))


def _joins(film: Group, pieces: Sequence[Piece], sound: PlannedUnit | None, name: str) -> list[PlannedUnit]:
    leads = [*(piece.lead_s for piece in pieces[1:]), Fraction(0)]
    pictures = {
        one.name: [ref for piece, then_s in zip(pieces, leads, strict=True) for ref in piece.refs(one.name, then_s)]
        for one in film.renditions
    }
    sounds = {
        setting: SoundRef(unit_id=sound.unit_id, name=f"sound-{n}")
        for n, setting in enumerate(_settings(film) if sound else [])
        if sound
    }
    seconds = sum(piece.group.seconds for piece in pieces)
    return joins(film, Pieces(pictures, sounds, pieces[0].lead_s, seconds), name)
