"""Units that make renditions in one piece, picture and sound in one run, straight to the final files. Pure."""

import math
from collections.abc import Sequence
from fractions import Fraction

from contracts.units import AudioIn, EncodeOutput, TranscodeWork, VideoEncode, VideoIn

from . import cost
from .group import Group
from .notes import notes
from .planned import PlannedUnit
from .renditions import Rendition

SPLIT_S = 8.0
"""Renditions of an uncut source with more work than this are dealt out to idle workers."""


def wholes(group: Group) -> list[PlannedUnit]:
    """One unit for all renditions, or several when workers would idle."""
    total_s = sum(_encode_s(group, rendition) for rendition in group.renditions)
    parts = min(group.fleet.transcode_slots, len(group.renditions)) if total_s > SPLIT_S else 1
    dealt = _dealt(group, max(1, parts))
    if len(dealt) == 1:
        return [whole(group, dealt[0], group.name)]
    return [whole(group, part, f"{group.name}-{number}") for number, part in enumerate(dealt)]


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


def whole(group: Group, renditions: Sequence[Rendition], unit_id: str) -> PlannedUnit:
    """The unit that makes renditions of a group from the whole window."""
    kept = group.span is not None
    pictured = any(rendition.video for rendition in renditions)
    encodes = [rendition.video for rendition in renditions if rendition.video]
    work = TranscodeWork(
        source=group.source,
        times="kept" if kept else "mended",
        video=video_in(group) if pictured else None,
        audio=audio_in(group) if any(rendition.audio for rendition in renditions) else None,
        outputs=[_output(group, rendition) for rendition in renditions],
        duration_s=group.seconds or None,
        notes=notes(group),
    )
    key = group.rate_key(encodes)
    decode = cost.decode_s(group.video, group.frames_in) if pictured and group.video else 0.0
    modelled = decode + sum(_encode_s(group, rendition) for rendition in renditions)
    return PlannedUnit(
        unit_id=unit_id,
        subtask_ids=[rendition.subtask_id for rendition in renditions],
        work=work,
        cost_s=cost.START_S + modelled * cost.rate(group.fleet, key),
        rate_key=key,
    )


def _output(group: Group, rendition: Rendition) -> EncodeOutput:
    return EncodeOutput(
        name=rendition.subtask_id,
        subtask_id=rendition.subtask_id,
        container=rendition.container,
        url=group.urls[rendition.subtask_id],
        video=_in_one_piece(group, rendition.video) if rendition.video else None,
        audio=rendition.audio,
    )


def _in_one_piece(group: Group, video: VideoEncode) -> VideoEncode:
    span = group.span
    if span is None:
        return by_the_clock(group, video)
    bounded = span.bounded(video, span.first, span.stop)
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
    return VideoIn(
        index=group.video.index,
        time_base=group.video.time_base,
        first_pts=span.first_pts if span else None,
        seek_s=span.seek_s(span.first) if span else None,
        color_transfer=group.video.color_transfer,
        field_order=group.video.field_order,
    )


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
