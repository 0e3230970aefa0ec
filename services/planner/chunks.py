"""Units of a group that is cut: chunks of picture, the sound, what joins them, and a way back. Pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from contracts.units import AudioEncode, ChunkRef, EncodeOutput, SoundRef, TranscodeWork, VideoEncode

from . import cost
from .bits import dealt
from .cut import VP9_LEAST_S, borders, chunk_count, wasted
from .group import Group
from .joins import Pieces, joins
from .keys import at_scenes, grid, on_keys, spread
from .notes import notes
from .opened import opened
from .planned import PlannedUnit
from .seeking import seek_s
from .span import Span
from .subtitle_units import read_subtitles
from .surroundings import earliest, surrounded
from .wholes import audio_in, in_one_piece, sound_pieces, subtask_ids

MOST_WASTE = 0.5
"""Pictures decoded for nothing may be this share of the source's; longer distances between keys mean fewer chunks."""


def cut(group: Group) -> list[int]:
    """The borders that a group is cut at, as positions in its index; [] when it had better stay whole."""
    span = group.span
    pictured = [rendition.video for rendition in group.renditions if rendition.video]
    if span is None or group.video is None or not pictured:
        return []
    modelled = cost.decode_s(group.video, group.frames_in) + cost.encode_s(pictured, group.frames_out)
    count = chunk_count(modelled * cost.rate(group.fleet, group.rate_key(pictured)), group.fleet.transcode_slots)
    if any(video.codec == "vp9" and video.average_kbps for video in pictured):
        count = min(count, int(group.seconds / VP9_LEAST_S))
    rates = {video.fps for video in pictured if video.fps}
    keyed = grid(pictured)
    while count > 1:
        chosen = on_keys(span, keyed, count) if keyed else borders(span.index, span.first, span.stop, count)
        for fps in rates:
            chosen = _with_pictures(chosen, [span.tick(position, fps) for position in chosen])
        if len(chosen) > 2 and wasted(span.index, chosen) <= MOST_WASTE * (span.stop - span.first):
            return chosen
        count //= 2
    return []


def _with_pictures(chosen: list[int], ticks: list[int]) -> list[int]:
    """Without the borders that would leave a chunk without a picture at an output's frame rate."""
    kept = [0]
    for n in range(1, len(chosen) - 1):
        if ticks[n] > ticks[kept[-1]] and ticks[n] < ticks[-1]:
            kept.append(n)
    return [*(chosen[n] for n in kept), chosen[-1]]


def cut_units(group: Group, span: Span, chosen: list[int]) -> list[PlannedUnit]:
    """All units of a cut group, in the order to request them: chunk 0, the sound, the other chunks longest first."""
    chunks = picture_units(group, span, chosen)
    sound = _sound(group)
    rest = sorted(chunks[1:], key=lambda unit: -unit.cost_s)
    between = [*([sound] if sound else []), *read_subtitles(group)]
    units = [chunks[0], *between, *rest, *joins(group, _pieces(group, span, chosen), group.name)]
    back = in_one_piece(group, [group.renditions], f"{group.name}-whole")
    return [
        *(unit.model_copy(update={"group": group.name}) for unit in units),
        *(unit.model_copy(update={"group": group.name, "fallback": True}) for unit in back),
    ]


def picture_units(group: Group, span: Span, places: Sequence[int]) -> list[PlannedUnit]:
    """The pictures between these positions, a unit for each of the ranges."""
    chunks = {one.name: dealt(span, places, one.video) for one in group.renditions if one.video}
    return [
        _chunk(group, span, number, first, stop, {name: videos[number] for name, videos in chunks.items()})
        for number, (first, stop) in enumerate(pairwise(places))
    ]


def _chunk(
    group: Group, span: Span, number: int, first: int, stop: int, pictured: Mapping[str, VideoEncode]
) -> PlannedUnit:
    """The pictures of a range of positions, for every rendition."""
    assert group.video is not None
    encodes = list(pictured.values())
    videos = {name: _alone(span, video, first, stop) for name, video in pictured.items()}
    begin = earliest(span, videos.values(), first)
    seconds = float(span.seconds(first, stop))
    key = group.rate_key(encodes)
    share = seconds / (group.seconds or 1.0)
    modelled = cost.decode_s(group.video, span.decoded(begin, stop)) + cost.encode_s(encodes, group.frames_out * share)
    work = TranscodeWork(
        source=group.source,
        video=opened(group.video, span.first_pts, seek_s(span.key(begin), group.media, span.index)),
        outputs=[
            EncodeOutput(name=name, video=video.model_copy(update={"threads": 1})) for name, video in videos.items()
        ],
        duration_s=seconds,
    )
    return PlannedUnit(
        unit_id=f"{group.name}-chunk-{number}",
        subtask_ids=subtask_ids(one for one in group.renditions if one.video),
        work=work,
        cost_s=cost.START_S + modelled * cost.rate(group.fleet, key),
        rate_key=key,
    )


def _alone(span: Span, video: VideoEncode, first: int, stop: int) -> VideoEncode:
    """A rendition's chunk, made so that it fits in with those that others make."""
    bounded = at_scenes(span, span.bounded(video, first, stop), first, stop)
    scenes = span.begins_scene(first) and span.begins_scene(stop)
    return surrounded(span, spread(bounded, bounded.frames_max or stop - first, scenes=scenes), first, stop)


def _sound(group: Group) -> PlannedUnit | None:
    """One encode per distinct setting; renditions without a picture get their final file here."""
    audio = audio_in(group)
    heard = [rendition for rendition in group.renditions if rendition.audio]
    if audio is None or not heard:
        return None
    outputs = sound_pieces(_shared(group))
    outputs += [
        EncodeOutput(
            name=one.name,
            subtask_id=one.name,
            container=one.container,
            url=group.urls[one.name],
            audio=one.audio,
            notes=notes(group, one),
        )
        for one in heard
        if not one.video and not one.in_pieces
    ]
    return PlannedUnit(
        unit_id=f"{group.name}-sound",
        subtask_ids=subtask_ids(heard),
        work=TranscodeWork(
            source=group.source,
            audio=audio,
            outputs=outputs,
            duration_s=group.seconds or None,
        ),
        cost_s=cost.START_S + cost.SOUND_S * group.seconds * len(outputs),
        rate_key=None,
    )


def _shared(group: Group) -> list[AudioEncode]:
    """The sounds that are pieces: each distinct setting once."""
    heard = [one.audio for one in group.renditions if one.video or one.in_pieces]
    return list(dict.fromkeys(audio for audio in heard if audio and group.media.audio))


def _pieces(group: Group, span: Span, chosen: list[int]) -> Pieces:
    pictures = {}
    for one in group.renditions:
        if one.video:
            lengths = [_length(span, one.video.fps, *pair) for pair in pairwise(chosen)]
            pictures[one.name] = [
                ChunkRef(unit_id=f"{group.name}-chunk-{number}", name=one.name, duration_s=length)
                for number, length in enumerate(lengths)
            ]
    sounds = {
        audio: SoundRef(unit_id=f"{group.name}-sound", name=f"sound-{n}") for n, audio in enumerate(_shared(group))
    }
    return Pieces(pictures, sounds, span.delay_s)


def _length(span: Span, fps: Fraction | None, first: int, stop: int) -> Fraction:
    return (span.tick(stop, fps) - span.tick(first, fps)) / fps if fps else span.seconds(first, stop)
