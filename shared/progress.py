"""Reading ffmpeg's `-progress` report."""

from collections.abc import Callable


class Progress:
    """Turns report pieces into percent of `duration_s`; without a duration nothing is told. `frames` were written."""

    def __init__(self, duration_s: float | None, tell: Callable[[float], None]) -> None:
        self._duration_us = (duration_s or 0.0) * 1e6
        self._tell = tell
        self._rest = b""
        self.frames = 0

    def __call__(self, piece: bytes) -> None:
        """Take a piece of the report. `out_time_ms` is in microseconds too, so only `out_time_us` is read."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            name, _, value = line.partition(b"=")
            if name == b"frame" and value.strip().isdigit():
                self.frames = int(value)
            if name == b"out_time_us" and self._duration_us > 0 and value.strip().isdigit():
                self._tell(min(100.0, 100.0 * int(value) / self._duration_us))
