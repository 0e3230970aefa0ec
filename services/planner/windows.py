"""Time windows of a source: from the offsets that a user gives to times. Pure."""

from dataclasses import dataclass

from contracts.codes import INVALID_TIME_OFFSET
from contracts.media import MediaInfo
from shared.errors import MediaError


@dataclass(frozen=True)
class Window:
    """From `start_s` to before `end_s`, in seconds from the container's start; None: to the end, wherever that is."""

    start_s: float = 0.0
    end_s: float | None = None


def window(start_offset_s: float, end_offset_s: float, media: MediaInfo) -> Window:
    """The window that offsets name: 0 the start (as an end: the end), negative: before the end.

    Raises MediaError (INVALID_TIME_OFFSET) when nothing of the source lies in it.
    """
    duration_s = media.duration_s or 0.0
    if (start_offset_s < 0 or end_offset_s < 0) and not duration_s:
        raise MediaError("an offset from the end needs a known duration", INVALID_TIME_OFFSET)
    start_s = start_offset_s if start_offset_s >= 0 else max(0.0, duration_s + start_offset_s)
    end_s = end_offset_s if end_offset_s >= 0 else duration_s + end_offset_s
    if duration_s and start_s >= duration_s:
        text = f"the start ({start_s:g} s) lies at or beyond the end of the source ({duration_s:g} s)"
        raise MediaError(text, INVALID_TIME_OFFSET)
    if end_offset_s == 0 or (duration_s and end_s >= duration_s):
        return Window(start_s)
    if start_s >= end_s:
        text = f"the start ({start_s:g} s) lies at or beyond the asked end ({end_s:g} s)"
        raise MediaError(text, INVALID_TIME_OFFSET)
    return Window(start_s, end_s)


def moment(offset: str, media: MediaInfo) -> float:
    """The time that an offset such as "3.5s", "-2s" or "10%" names, in seconds from the container's start.

    Raises MediaError (INVALID_TIME_OFFSET) for a time beyond the source.
    """
    amount, duration_s = float(offset[:-1]), media.duration_s or 0.0
    if offset.endswith("%"):
        return amount / 100 * duration_s
    time_s = amount if amount >= 0 and not offset.startswith("-") else duration_s + amount
    if time_s < 0 or (duration_s and time_s > duration_s):
        raise MediaError(f"{offset} lies outside the source ({duration_s:g} s)", INVALID_TIME_OFFSET)
    return time_s
