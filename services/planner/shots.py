"""Which pictures to take, and how to get at them. Pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.media import MediaInfo, VideoStream
from contracts.parameters import SampleType
from contracts.units import Shot
from shared.errors import MediaError
from shared.index import PacketIndex

from . import cost
from .opened import neighbours
from .seeking import seek_s

OPEN_PIXELS = 25_000_000
"""Of all pictures that the decoders of one process work on at once: 12 of 1080p."""
MOST_OPEN = 40
MOST_SHOTS = 5000
"""Keeps a flow's record within reason."""


def sampled(sample_type: SampleType, interval: float, media: MediaInfo) -> list[float]:
    """Times at equal distances from 0 to before the end: every `interval` percent of the duration, or seconds.

    Raises MediaError (CONFIGURATION_UNSUPPORTED) when they are too many.
    """
    duration_s = media.duration_s or 0.0
    step_s = duration_s * interval / 100 if sample_type == "percent" else interval
    count = math.ceil(round(100 / interval if sample_type == "percent" else duration_s / interval, 6))
    if count > MOST_SHOTS:
        text = f"{count} pictures at this interval; at most {MOST_SHOTS} are made"
        raise MediaError(text, CONFIGURATION_UNSUPPORTED)
    return [n * step_s for n in range(max(1, count))]


def shots(
    times_s: Sequence[float], urls: Sequence[str | None], media: MediaInfo, index: PacketIndex | None
) -> list[Shot]:
    """The picture on show at each time (seconds from the container's start), in the order asked."""
    return [_shot(time_s, url, media, index) for time_s, url in zip(times_s, urls, strict=True)]


def _shot(time_s: float, url: str | None, media: MediaInfo, index: PacketIndex | None) -> Shot:
    if index is None:
        return Shot(time_s=time_s, start=None, end=None, url=url)
    position = index.on_show(media.start_s + time_s + 1e-6)
    key = index.key_before(index.pts[max(0, position - neighbours(media.video))])
    return Shot(
        time_s=time_s,
        start=index.border(position) if position else None,
        end=index.border(position + 1) if position + 1 < len(index) else None,
        seek_s=seek_s(key, media, index),
        url=url,
    )


class Way(NamedTuple):
    """How to get at a unit's pictures, and what it costs."""

    method: Literal["scan", "seek", "keys"]
    cost_s: float


def at_once(video: VideoStream) -> int:
    """Jumps in one process: each is an open file and a decoder with its pictures."""
    return max(1, min(MOST_OPEN, OPEN_PIXELS // max(1, video.width * video.height)))


def method(taken: Sequence[Shot], video: VideoStream, media: MediaInfo, index: PacketIndex | None) -> Way:
    """The cheapest way: one decode from the first shot to the last, perhaps of key pictures alone, or jumps."""
    if index is None:
        frames = (media.duration_s or 0.0) * float(video.frame_rate or 25)
        return Way("scan", cost.START_S + cost.decode_s(video, media.frames or frames))
    jumps = {shot.start: _decoded(shot, shot, index) for shot in taken}
    in_order = sorted(taken, key=lambda shot: shot.time_s)
    seek_s = cost.START_S + cost.jump_s(len(index)) * len(jumps) + cost.decode_s(video, sum(jumps.values()))
    read_s = cost.read_s(media.size_bytes)
    scan_s = cost.START_S + read_s + cost.decode_s(video, _decoded(in_order[0], in_order[-1], index))
    ways = [Way("scan", scan_s), Way("seek", seek_s)]
    if not neighbours(video) and all(_is_key(shot, index) for shot in taken):
        first, last = (index.on_show(media.start_s + order.time_s + 1e-6) for order in (in_order[0], in_order[-1]))
        keys = bisect_right(index.keys, index.pts[last]) - bisect_left(index.keys, index.pts[first])
        ways.append(Way("keys", cost.START_S + read_s + cost.decode_s(video, keys * KEY_COSTS)))
    return min(ways, key=lambda way: way.cost_s)


KEY_COSTS = 3
"""A key picture has more bits than others; this many times the decoding."""


def _is_key(shot: Shot, index: PacketIndex) -> bool:
    position = 0 if shot.start is None else bisect_left(index.pts, shot.start)
    key = index.pts[position]
    return index.key_before(key) == key


def _decoded(first: Shot, last: Shot, index: PacketIndex) -> int:
    """Pictures decoded from where `first` is reached to `last`."""
    seek_pts = index.pts[0] if first.seek_s is None else round(first.seek_s / index.time_base)
    begin = bisect_left(index.pts, index.key_before(seek_pts))
    end = len(index) if last.end is None else bisect_left(index.pts, last.end)
    return max(1, end - begin)
