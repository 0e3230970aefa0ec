"""Units that make renditions in one piece, picture and sound in one run, mostly straight to the final files. Pure."""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from contracts.fitting import Container
from contracts.units import AudioEncode, AudioIn, ChunkRef, EncodeOutput, SoundRef, TranscodeWork, VideoEncode, VideoIn

from . import cost
from .group import Group
from .joins import Pieces, joins
from .keys import at_scenes, spread
from .notes import notes
from .opened import opened
from .planned import PlannedUnit
from .renditions import Rendition
from .subtitles import subtitles_in, subtitles_of

SPLIT_S = 8.0
"""Renditions of an uncut source with more work than this are dealt out to idle workers."""


def wholes(group: Group) -> list[PlannedUnit]:
    """One unit for all renditions, or several when workers would idle."""
    total_s = sum(_encode_s(group, rendition) for rendition in group.renditions)
    parts = min(group.fleet.transcode_slots, len(group.renditions)) if total_s > SPLIT_S else 1
    return in_one_piece(group, _dealt(group, max(1, parts)), group.name)


def in_one_piece(group: Group, dealt: Sequence[Sequence[Rendition]], name: str) -> list[PlannedUnit]:
    """A unit for each share of renditions, and what joins those that come in pieces."""
    units: list[PlannedUnit] = []
    pictures: dict[str, list[ChunkRef]] = {}
    sounds: dict[AudioEncode, SoundRef] = {}
    for number, share in enumerate(dealt):
        unit_id = name if len(dealt) == 1 else f"{name}-{number}"
        pieces = [one for one in share if one.in_pieces]
        new = list(dict.fromkeys(one.audio for one in pieces if one.audio and one.audio not in sounds))
        units.append(_whole(group, share, unit_id, new))
        seconds = Fraction(group.seconds).limit_denominator(1_000_000)
        pictures |= {
            one.name: [ChunkRef(unit_id=unit_id, name=one.name, duration_s=seconds)] for one in pieces if one.video
        }
        sounds |= {audio: SoundRef(unit_id=unit_id, name=f"sound-{n}") for n, audio in enumerate(new)}
    return [*units, *joins(group, Pieces(pictures, sounds), name)]


def subtask_ids(renditions: Iterable[Rendition]) -> list[str]:
    """The subtasks that renditions are for."""
    return list(dict.fromkeys(subtask_id for one in renditions for subtask_id in one.subtask_ids))


def sound_pieces(settings: Sequence[AudioEncode]) -> list[EncodeOutput]:
    """An output for each sound that a join or several will take."""
    return [
        EncodeOutput(name=f"sound-{n}", container=_between(setting), audio=setting)
        for n, setting in enumerate(settings)
    ]


def _between(audio: AudioEncode) -> Container:
    """What sound travels in to its join: MP4 would lose where in its last packet Opus ends."""
    return "webm" if audio.codec == "opus" else "mp4"


def _dealt(group: Group, parts: int) -> list[list[Rendition]]:
    """Shares of about equal work, the largest rendition first."""
    shares: list[list[Rendition]] = [[] for _ in range(parts)]
    loads = [0.0] * parts
    for rendition in sorted(group.renditions, key=lambda one: -_encode_s(group, one)):
        least = loads.index(min(loads))
        shares[least].append(rendition)
        loads[least] += _encode_s(group, rendition)
    return [share for share in shares if share]


def _encode_s(group: Group, rendition: Rendition) -> float:
    encodes = [rendition.video] if rendition.video else []
    return cost.encode_s(encodes, group.frames_out) + cost.SOUND_S * group.seconds


def _whole(group: Group, renditions: Sequence[Rendition], unit_id: str, sounds: Sequence[AudioEncode]) -> PlannedUnit:
    """The unit that makes renditions of a group from the whole window, and these sounds as pieces."""
    kept = group.span is not None
    pictured = any(rendition.video for rendition in renditions)
    encodes = [rendition.video for rendition in renditions if rendition.video]
    outputs = [_output(group, one) for one in renditions if one.video or not one.in_pieces]
    outputs += sound_pieces(sounds)
    work = TranscodeWork(
        source=group.source,
        times="kept" if kept else "mended",
        video=video_in(group) if pictured else None,
        audio=audio_in(group) if any(rendition.audio for rendition in renditions) else None,
        outputs=outputs,
        subtitles=subtitles_in(group.media, group.window) if any(output.subtitles for output in outputs) else None,
        duration_s=group.seconds or None,
    )
    key = group.rate_key(encodes)
    decode = cost.decode_s(group.video, group.frames_in) if pictured and group.video else 0.0
    modelled = decode + sum(_encode_s(group, rendition) for rendition in renditions)
    return PlannedUnit(
        unit_id=unit_id,
        subtask_ids=subtask_ids(renditions),
        work=work,
        cost_s=cost.START_S + modelled * cost.rate(group.fleet, key),
        rate_key=key,
    )


def _output(group: Group, rendition: Rendition) -> EncodeOutput:
    video = _in_one_piece(group, rendition.video) if rendition.video else None
    if rendition.in_pieces:
        return EncodeOutput(name=rendition.name, video=video)
    return EncodeOutput(
        name=rendition.name,
        subtask_id=rendition.name,
        container=rendition.container,
        url=group.urls[rendition.name],
        video=video,
        audio=rendition.audio,
        subtitles=subtitles_of(rendition, group.media),
        notes=notes(group, rendition),
    )


def _in_one_piece(group: Group, video: VideoEncode) -> VideoEncode:
    span = group.span
    if span is None:
        return by_the_clock(group, video)
    bounded = at_scenes(span, span.bounded(video, span.first, span.stop), span.first, span.stop)
    if bounded.scenes_ms:
        bounded = spread(bounded, bounded.frames_max or span.stop - span.first, scenes=True)
    return bounded.model_copy(update={"delay_s": span.delay_s, "inexact": "note"})


def by_the_clock(group: Group, video: VideoEncode) -> VideoEncode:
    """Bounds in times from the container's start: there is no index to name pictures by."""
    assert group.video is not None
    window, unit = group.window, 1 / video.fps if video.fps else group.video.time_base
    start = math.ceil(Fraction(window.start_s) / unit)
    return video.model_copy(
        update={
            "start": start if window.start_s else None,
            "end": None if window.end_s is None else math.ceil(Fraction(window.end_s) / unit),
            "shift": start,
            "frame_rate": video.fps or group.video.frame_rate,
        }
    )


def video_in(group: Group) -> VideoIn:
    """The picture track as the whole window is read from it."""
    assert group.video is not None
    span = group.span
    return opened(group.video, span.first_pts, span.seek_s(span.first)) if span else opened(group.video)


def audio_in(group: Group) -> AudioIn | None:
    """The window's sound; absolute times when they are kept, else from the container's start."""
    if group.media.audio is None:
        return None
    origin_s = group.media.start_s if group.span else 0.0
    start_s, end_s = group.window.start_s, group.window.end_s
    return AudioIn(
        index=group.media.audio.index,
        start_s=origin_s + start_s,
        end_s=None if end_s is None else origin_s + end_s,
        seek_s=origin_s + start_s - SOUND_MARGIN_S if group.span and start_s > SOUND_MARGIN_S else None,
    )


SOUND_MARGIN_S = 1.0
"""So much before the wanted sound to seek to: decoders take a moment to settle."""
