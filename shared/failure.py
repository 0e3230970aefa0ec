"""From what ffmpeg said to what to do about it."""

import re
from collections.abc import Sequence

from contracts.codes import INTERNAL_ERROR, SOURCE_MALFORMED, SOURCE_UNSUPPORTED

from .errors import MediaError, TransientError, WorkError

_CIRCUMSTANCES = re.compile(
    r"No space left|Cannot allocate memory|Disk quota|Too many open files|Resource temporarily unavailable"
    r"|Input/output error|Stale file handle|No such file or directory|Permission denied",
    re.IGNORECASE,
)
_UNSUPPORTED = re.compile(
    r"not on whitelist|no decoder found|Decoder .* not found|Unknown decoder|unsupported codec"
    r"|not currently supported|Function not implemented|not yet implemented",
    re.IGNORECASE,
)
_MALFORMED = re.compile(
    r"Invalid data found|moov atom not found|could not find codec parameters|Error while decoding|matches no streams"
    r"|does not contain any stream|Cannot determine format|nothing was encoded|End of file|error rate|invalid NAL"
    r"|Invalid frame dimensions|Picture size .* is invalid|Could not open file|contains no packets|conversion failed",
    re.IGNORECASE,
)


def explained(code: int, errors: Sequence[str]) -> WorkError:
    """The error that an unsuccessful end of ffmpeg or ffprobe amounts to, with the line that tells most.

    Killed by a signal, no space, no memory: TransientError. The file can't be read or decoded: MediaError. What is
    not recognised may be our own fault or a passing one: TransientError, which the planner retries a few times.
    """
    if code < 0:
        return TransientError(f"ffmpeg was killed by signal {-code}")
    if line := _first(_CIRCUMSTANCES, errors):
        return TransientError(line)
    if line := _first(_UNSUPPORTED, errors):
        return MediaError(line, SOURCE_UNSUPPORTED)
    if line := _first(_MALFORMED, errors):
        return MediaError(line, SOURCE_MALFORMED)
    said = errors[-1] if errors else "nothing"
    return TransientError(f"ffmpeg failed with exit code {code}, saying: {said}", INTERNAL_ERROR)


def _first(pattern: re.Pattern[str], errors: Sequence[str]) -> str | None:
    return next((_told(line) for line in errors if pattern.search(line)), None)


def _told(line: str) -> str:
    """Without addresses and local paths: they mean nothing to a user."""
    line = re.sub(r"(file:)?/\S*?/([^/\s]+)(?=[:'\s]|$)", r"\2", line)
    line = re.sub(r"(not on whitelist) '.*'", r"\1", line)
    return re.sub(r" @ 0x[0-9a-f]+", "", line).strip()
