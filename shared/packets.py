"""Packets as ffprobe prints them (`-of compact`), collected while they come in."""

import re
from array import array

_PACKET = re.compile(
    rb"^packet\|stream_index=(\d+)\|pts=(-?\d+|N/A)\|dts=(?:-?\d+|N/A)\|duration=(\d+|N/A)\|size=(\d+)\|flags=(.)(.)",
    re.MULTILINE,
)
MISSING = -(2**63)
"""Stands for a PTS that the container does not tell."""


class Track:
    """One track's packets in the order of decoding, without those marked discard."""

    def __init__(self) -> None:
        self.pts = array("q")
        self.key = bytearray()
        self.size_bytes = array("q")
        self.last_pts = MISSING
        self.last_duration = 0
        self.end = MISSING

    def add(self, pts: int, duration: int, size_bytes: int, key: bool) -> None:
        """One more packet."""
        self.pts.append(pts)
        self.key.append(key)
        self.size_bytes.append(size_bytes)
        if pts > self.last_pts:
            self.last_pts, self.last_duration = pts, duration
        if pts != MISSING:
            self.end = max(self.end, pts + duration)


class Packets:
    """A parser to be fed with ffprobe's output; `rest` is what was no packet."""

    def __init__(self) -> None:
        self.tracks: dict[int, Track] = {}
        self.others: list[bytes] = []
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        """Take a piece of output, of any length."""
        text = self._tail + piece
        cut = text.rfind(b"\n") + 1
        self._tail = text[cut:]
        self._take(text[:cut])

    def rest(self) -> list[str]:
        """The lines of the streams and the format, once everything was fed."""
        self._take(self._tail + b"\n")
        self._tail = b""
        return [line.decode(errors="replace") for line in self.others]

    def _take(self, text: bytes) -> None:
        for stream, pts, duration, size, key, discard in _PACKET.findall(text):
            if discard == b"D":
                continue
            track = self.tracks.setdefault(int(stream), Track())
            length = 0 if duration == b"N/A" else int(duration)
            track.add(MISSING if pts == b"N/A" else int(pts), length, int(size), key == b"K")
        self.others.extend(line for line in text.split(b"\n") if line.startswith((b"stream|", b"format|")))
