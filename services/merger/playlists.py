"""HLS media playlists (RFC 8216): ffmpeg's read, ours written. Pure."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_RANGE = re.compile(r"(\d+)@(\d+)")


@dataclass(frozen=True)
class Part:
    """A file, or a range of one."""

    uri: str
    offset: int | None = None
    size_bytes: int | None = None

    @property
    def byterange(self) -> str:
        """As playlists write it."""
        return f"{self.size_bytes}@{self.offset}"


@dataclass(frozen=True)
class Segment:
    """Media to be played for `duration_s`."""

    part: Part
    duration_s: Fraction


@dataclass(frozen=True)
class Playlist:
    """Segments in order; `init` is what each of fMP4 begins with."""

    segments: Sequence[Segment]
    init: Part | None = None


def read(text: str) -> Playlist:
    """A playlist that ffmpeg wrote."""
    init, segments = None, []
    duration_s, byterange = Fraction(0), ""
    for line in text.splitlines():
        if line.startswith("#EXT-X-MAP:"):
            found = re.search(r'BYTERANGE="([^"]+)"', line)
            uri = re.search(r'URI="([^"]+)"', line)
            init = _part(uri.group(1) if uri else "", found.group(1) if found else "")
        elif line.startswith("#EXTINF:"):
            duration_s = Fraction(line.removeprefix("#EXTINF:").rstrip(","))
        elif line.startswith("#EXT-X-BYTERANGE:"):
            byterange = line.removeprefix("#EXT-X-BYTERANGE:")
        elif line and not line.startswith("#"):
            segments.append(Segment(_part(line, byterange), duration_s))
            byterange = ""
    return Playlist(segments, init)


def _part(uri: str, byterange: str) -> Part:
    found = _RANGE.fullmatch(byterange)
    return Part(uri, int(found.group(2)), int(found.group(1))) if found else Part(uri)


def target_s(segments: Sequence[Segment]) -> int:
    """What no segment, rounded, is longer than."""
    return max(1, *(math.floor(one.duration_s + Fraction(1, 2)) for one in segments))


def media_playlist(playlist: Playlist) -> str:
    """The text of a playlist of which nothing will change. Every segment begins with a keyframe."""
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{7 if playlist.init else 3}",
        f"#EXT-X-TARGETDURATION:{target_s(playlist.segments)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    if init := playlist.init:
        place = f',BYTERANGE="{init.byterange}"' if init.offset is not None else ""
        lines.append(f'#EXT-X-MAP:URI="{init.uri}"{place}')
    for segment in playlist.segments:
        lines.append(f"#EXTINF:{float(segment.duration_s):.6f},")
        if segment.part.offset is not None:
            lines.append(f"#EXT-X-BYTERANGE:{segment.part.byterange}")
        lines.append(segment.part.uri)
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"
