"""Whether a running process still gets anywhere."""

import time
from pathlib import Path

_MOVED_BYTES = 256 * 1024
"""So much read or written counts as life; reports of progress that stand still amount to far less."""


class Vitals:
    """Signs of life of a process: what it says changes, or it moves data.

    The second matters while ffmpeg says nothing: it decodes on the way to the first picture of a chunk, or rewrites a
    long file to put its index in front. A hung process does neither.
    """

    def __init__(self, pid: int) -> None:
        self._io = Path(f"/proc/{pid}/io")
        self._alive_at = time.monotonic()
        self._said = b""
        self._moved = 0

    def heard(self, piece: bytes) -> None:
        """Take note of a piece of standard output."""
        said = b" ".join(line for line in piece.split(b"\n") if not line.startswith(_CLOCKS))
        if said != self._said:
            self._said = said
            self._alive_at = time.monotonic()

    def silent_s(self) -> float:
        """Seconds since the last sign of life."""
        now = time.monotonic()
        moved = self._moved_bytes()
        if moved - self._moved >= _MOVED_BYTES:
            self._moved = moved
            self._alive_at = now
        return now - self._alive_at

    def _moved_bytes(self) -> int:
        try:
            fields = dict(line.split(": ") for line in self._io.read_text().splitlines())
        except (OSError, ValueError):
            return self._moved
        return int(fields.get("rchar", 0)) + int(fields.get("wchar", 0))


_CLOCKS = (b"fps=", b"bitrate=", b"speed=")
"""Members of ffmpeg's progress that change with the clock alone."""
