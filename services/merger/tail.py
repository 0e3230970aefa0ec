"""The last segment of a sound. Pure."""

from dataclasses import dataclass, replace
from fractions import Fraction

from .playlists import Part, Playlist

SHORTEST_S = Fraction(1, 4)
"""hls.js looks segments up with this tolerance; 1.7.4 never ends where a sound's last one is a single frame."""


@dataclass(frozen=True)
class Appended:
    """A file to put at the end of another."""

    uri: str
    to_uri: str


def with_its_tail(playlist: Playlist) -> tuple[Playlist, Appended | None]:
    """A last segment that is too short becomes part of the one before; where segments are files, so must theirs.

    Sound in whole frames, with its priming, mostly ends a frame or two behind a multiple of a segment's length.
    """
    if len(playlist.segments) < 2 or playlist.segments[-1].duration_s >= SHORTEST_S:
        return playlist, None
    *others, last, tail = playlist.segments
    size_bytes = (last.part.size_bytes or 0) + (tail.part.size_bytes or 0)
    part = Part(last.part.uri, last.part.offset, size_bytes or None)
    joined = replace(last, part=part, duration_s=last.duration_s + tail.duration_s)
    files = None if part.offset is not None else Appended(tail.part.uri, part.uri)
    return replace(playlist, segments=[*others, joined]), files
