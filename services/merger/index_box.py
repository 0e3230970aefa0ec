"""The index of a file's segments (`sidx`, ISO 14496-12 section 8.16.3), which players of DASH read. Pure.

It stands between the initialisation and the first segment.
"""

import struct
from fractions import Fraction

from .playlists import Part, Playlist, Segment
from .tracks import CutTrack

_HEAD, _ENTRY = struct.Struct(">I4sIIIQQHH"), struct.Struct(">III")
_STARTS_WITH_KEYFRAME = 0x90000000
"""Starts with a stream access point of type 1."""


def index_size(segments: int) -> int:
    """How many bytes the index takes."""
    return _HEAD.size + segments * _ENTRY.size


def index_range(track: CutTrack) -> tuple[int, int]:
    """Its first and last byte in the file."""
    init = track.playlist.init
    first = (init.size_bytes or 0) if init else 0
    return first, first + index_size(len(track.playlist.segments)) - 1


def index_box(track: CutTrack) -> bytes:
    """The index. Times are in the sound's samples, or in 1/90000 s."""
    clock = track.sample_rate_hz or 90_000
    borders = [Fraction(0)]
    for seconds in track.durations_s:
        borders.append(borders[-1] + seconds)
    ticks = [round(border * clock) for border in borders]
    start = max(0, round(track.start_s * clock))
    size = index_size(len(track.sizes_bytes))
    head = _HEAD.pack(size, b"sidx", 1 << 24, 1, clock, start, 0, 0, len(track.sizes_bytes))
    entries = [
        _ENTRY.pack(length, ticks[n + 1] - ticks[n], _STARTS_WITH_KEYFRAME)
        for n, length in enumerate(track.sizes_bytes)
    ]
    return head + b"".join(entries)


def indexed(playlist: Playlist, uri: str) -> Playlist:
    """A playlist of ranges of one file, as they are once the index stands in it; the file is then called `uri`."""
    shift = index_size(len(playlist.segments))
    init = playlist.init
    moved = [
        Segment(Part(uri, (one.part.offset or 0) + shift, one.part.size_bytes), one.duration_s)
        for one in playlist.segments
    ]
    return Playlist(moved, Part(uri, 0, init.size_bytes) if init else None)
