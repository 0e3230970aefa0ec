"""Whether a fetch goes on fast enough, and not too far. Pure."""

from contracts import codes
from shared.errors import MediaError, TransientError


class Pace:
    """Counts what comes, over however many connections: not less than `least_bytes_s` over `window_s`."""

    def __init__(self, least_bytes_s: int, window_s: float, now_s: float) -> None:
        self._least_bytes_s = least_bytes_s
        self._window_s = window_s
        self._since_s = now_s
        self._bytes = 0

    def heard(self, count: int, now_s: float) -> None:
        """So many bytes have come. Raises TransientError when too few did since the window began."""
        self._bytes += count
        took_s = now_s - self._since_s
        if took_s < self._window_s:
            return
        if self._bytes < self._least_bytes_s * took_s:
            text = f"the server sent less than {self._least_bytes_s} bytes per second for {self._window_s:g} s"
            raise TransientError(text, codes.SOURCE_NOT_ACCESSIBLE)
        self._since_s, self._bytes = now_s, 0


class Allowance:
    """How many bytes may still come, of all files of a source together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept = 0

    def check(self, size_bytes: int) -> None:
        """Raises MediaError when a file of this size is too much, besides those kept."""
        if self._kept + size_bytes > self._most:
            text = f"larger than {self._most} bytes, the most that is fetched (VODFLOW_FETCH_BYTES)"
            raise MediaError(text, codes.SOURCE_TOO_LARGE)

    def keep(self, size_bytes: int) -> None:
        """A file is whole."""
        self._kept += size_bytes
