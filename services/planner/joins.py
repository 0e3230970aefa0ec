"""Units that put pieces together: a rendition's file or playlist, or a set of streams with its manifests. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contracts.units import AudioEncode, ChunkRef, MergeWork, PackageWork, PieceRef, SoundRef, StreamTrack

from . import cost
from .group import Group
from .notes import notes
from .planned import PlannedUnit
from .renditions import Rendition
from .stream_set import StreamPlan, StreamSet
from .subtitle_units import subtitle_refs
from .subtitles import subtitles_of


@dataclass(frozen=True)
class Pieces:
    """Where the pieces of a group are made: pictures by rendition, sounds by setting.

    `delay_s` after the output's 0 the pictures begin, as far as the pieces don't tell it themselves. `seconds` is how
    long they last together, None: as long as the group's window. `notes` are told instead of those about the group.
    """

    pictures: Mapping[str, list[ChunkRef]]
    sounds: Mapping[AudioEncode, SoundRef]
    delay_s: Fraction = Fraction(0)
    seconds: float | None = None
    notes: Sequence[str] | None = None


def joins(group: Group, pieces: Pieces, name: str) -> list[PlannedUnit]:
    """The units that make final results of a group's pieces."""
    files = [
        one for one in group.renditions if one.name in group.urls and (one.in_pieces or one.name in pieces.pictures)
    ]
    return [
        *(_join(group, one, pieces, name) for one in files),
        *(_package(group, one, pieces, f"{name}-package-{number}") for number, one in enumerate(group.sets)),
    ]


def _join(group: Group, rendition: Rendition, pieces: Pieces, name: str) -> PlannedUnit:
    chunks = pieces.pictures.get(rendition.name, [])
    sound = pieces.sounds.get(rendition.audio) if rendition.audio else None
    subtitles = subtitle_refs(group, rendition)
    work = MergeWork(
        subtask_id=rendition.name,
        container=rendition.container,
        codec=rendition.video.codec if rendition.video else None,
        url=group.urls[rendition.name],
        chunks=chunks,
        sound=sound,
        subtitles=subtitles,
        subtitle_codec=subtitles_of(rendition, group.media),
        delay_s=pieces.delay_s,
        hls=group.hls.get(rendition.name),
        duration_s=(group.seconds if pieces.seconds is None else pieces.seconds) or None,
        notes=notes(group, rendition) if pieces.notes is None else list(pieces.notes),
    )
    return PlannedUnit(
        unit_id=f"{name}-join-{rendition.name}",
        subtask_ids=[rendition.name],
        work=work,
        depends_on=_makers([*chunks, *([sound] if sound else []), *subtitles]),
        cost_s=cost.START_S,
    )


def _package(group: Group, wanted: StreamSet, pieces: Pieces, unit_id: str) -> PlannedUnit:
    tracks = [_track(one, pieces) for one in wanted.streams]
    work = PackageWork(
        tracks=tracks,
        variants=list(wanted.variants),
        manifests=list(wanted.manifests),
        segment_s=wanted.segment_s,
        duration_s=group.seconds or None,
        notes=[*notes(group, None), *wanted.notes],
    )
    return PlannedUnit(
        unit_id=unit_id,
        subtask_ids=[manifest.subtask_id for manifest in wanted.manifests],
        work=work,
        depends_on=_makers([piece for track in tracks for piece in track.pieces]),
        cost_s=cost.START_S * 2 * len(tracks),
    )


def _track(stream: StreamPlan, pieces: Pieces) -> StreamTrack:
    if stream.audio is None:
        parts, rate = pieces.pictures[stream.rendition], stream.frame_rate
        return StreamTrack(type="video", pieces=parts, delay_s=pieces.delay_s, frame_rate=rate, files=stream.files)
    sound = pieces.sounds[stream.audio]
    part = ChunkRef(unit_id=sound.unit_id, name=sound.name, duration_s=Fraction(0))
    return StreamTrack(type="audio", pieces=[part], files=stream.files)


def _makers(pieces: list[PieceRef]) -> list[str]:
    return list(dict.fromkeys(piece.unit_id for piece in pieces if piece.unit_id))
