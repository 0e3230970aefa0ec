"""What is in an MP4 file that ffmpeg has just written for us: exact counts from its index (ISO 14496-12), no process.

Starting ffprobe costs 0.12 s; reading the `moov` box costs a millisecond.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import TransientError

_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_CODECS = {b"avc1": "h264", b"avc3": "h264", b"hvc1": "hevc", b"hev1": "hevc", b"av01": "av1", b"mp4a": "aac"}
Boxes = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Track:
    """A track: `kind` vide or soun; `samples` are its pictures or sound packets, `size_bytes` theirs together."""

    kind: str
    codec: str
    samples: int
    size_bytes: int
    duration_s: float
    width: int = 0
    height: int = 0
    channels: int = 0
    sample_rate_hz: int = 0

    @property
    def bitrate_kbps(self) -> float | None:
        """Average bit rate."""
        return self.size_bytes * 8 / 1000 / self.duration_s if self.duration_s > 0 else None


@dataclass(frozen=True)
class Mp4:
    """A whole file. `duration_s` is the presentation's, delays included."""

    size_bytes: int
    duration_s: float
    tracks: list[Track]

    def first(self, kind: str) -> Track | None:
        """The first track of a kind, if any."""
        return next((track for track in self.tracks if track.kind == kind), None)


def read(path: Path) -> Mp4:
    """Read a file's index. Blocking. Raises TransientError when it is not whole."""
    try:
        moov = _moov(path)
        tracks = [_track(list(_walk(body))) for name, body in _children(moov) if name == b"trak"]
        scale, duration = _times(dict(_children(moov))[b"mvhd"])
    except (OSError, struct.error, KeyError, IndexError) as error:
        raise TransientError(f"{path.name} is not a whole MP4 file: {error!r}") from error
    return Mp4(path.stat().st_size, duration / scale, tracks)


def _moov(path: Path) -> bytes:
    size, place = path.stat().st_size, 0
    with path.open("rb") as file:
        while place < size:
            file.seek(place)
            length, name = struct.unpack(">I4s", file.read(8))
            header = 8
            if length == 1:
                (length,), header = struct.unpack(">Q", file.read(8)), 16
            if name == b"moov":
                return file.read(length - header)
            place += length or size
    raise KeyError("moov")


def _children(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(body):
        length, name = struct.unpack_from(">I4s", body, place)
        if length < 8:
            return
        yield name, body[place + 8 : place + length]
        place += length


def _walk(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    for name, content in _children(body):
        if name in _CONTAINERS:
            yield from _walk(content)
        else:
            yield name, content


def _times(header: bytes) -> tuple[int, int]:
    """Time scale and duration of an mvhd or mdhd box."""
    scale, duration = struct.unpack_from(">IQ" if header[0] == 1 else ">II", header, 20 if header[0] == 1 else 12)
    return scale, duration


def _track(boxes: Boxes) -> Track:
    found = dict(reversed(boxes))
    kind = found[b"hdlr"][8:12].decode("ascii", "replace")
    scale, duration = _times(found[b"mdhd"])
    uniform, samples = struct.unpack_from(">II", found[b"stsz"], 4)
    sizes = uniform * samples or sum(struct.unpack_from(f">{samples}I", found[b"stsz"], 12))
    entry = found[b"stsd"][8:]
    codec = _CODECS.get(entry[4:8], entry[4:8].decode("ascii", "replace"))
    width = height = channels = rate = 0
    if kind == "vide":
        width, height = struct.unpack_from(">HH", entry, 32)
    elif kind == "soun":
        channels, _, _, _, rate = struct.unpack_from(">HHHHI", entry, 24)
        rate = rate >> 16 or scale
    return Track(kind, codec, samples, sizes, duration / scale, width, height, channels, rate)
