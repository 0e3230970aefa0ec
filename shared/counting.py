"""Exact counts of a file that ffmpeg has just written: from an MP4's own index, else from ffprobe's list of packets."""

import asyncio
import re
from fractions import Fraction
from pathlib import Path

from contracts.fitting import Container

from . import mp4
from .command import FORMATS, local
from .errors import TransientError
from .muxers import MP4_FAMILY
from .process import STALL_S, run
from .written import Track, Written

_ENTRIES = ":".join(
    (
        "packet=stream_index,pts,duration,size",
        "stream=index,codec_type,codec_name,width,height,sample_rate,channels,time_base",
        "format=duration",
    )
)
_PACKET = re.compile(rb"^packet\|stream_index=(\d+)\|pts=(-?\d+|N/A)\|duration=(\d+|N/A)\|size=(\d+)", re.MULTILINE)
_KINDS = {"video": "vide", "audio": "soun"}


async def counted(path: Path, container: Container, *, stall_s: float = STALL_S) -> Written:
    """What is in a file. A VP9 or AV1 packet holds exactly one picture that is shown: counting packets is exact.

    Raises TransientError when the file is not whole, or ffprobe could not be run or hung.
    """
    if container in MP4_FAMILY:
        return await asyncio.to_thread(mp4.read, path)
    return await listed(path, stall_s=stall_s)


async def listed(path: Path, formats: str = FORMATS, *, stall_s: float = STALL_S) -> Written:
    """What ffprobe lists of a file, or of all that a playlist of ours leads to (then `formats` has to name hls).

    Raises as `counted` does.
    """
    listing = Listing()
    ended = await run(counting_argv(path, formats), listing.feed, stall_s=stall_s)
    if ended.code != 0:
        raise TransientError(f"{path.name} is not whole: {' '.join(ended.errors[-1:])}")
    return listing.written((await asyncio.to_thread(path.stat)).st_size)


def counting_argv(path: Path, formats: str = FORMATS) -> list[str]:
    """The ffprobe command that lists every packet, without decoding any."""
    return [
        *("ffprobe", "-loglevel", "error", "-protocol_whitelist", "file", "-format_whitelist", formats),
        *("-show_entries", _ENTRIES, "-of", "compact", "-i", local(path)),
    ]


class _Sums:
    def __init__(self) -> None:
        self.samples = self.size_bytes = 0
        self.start: int | None = None
        self.end = 0

    def add(self, pts: bytes, duration: bytes, size: bytes) -> None:
        self.samples += 1
        self.size_bytes += int(size)
        if pts != b"N/A":
            place = int(pts)
            self.start = place if self.start is None else min(self.start, place)
            self.end = max(self.end, place + (0 if duration == b"N/A" else int(duration)))


class Listing:
    """A parser to be fed with ffprobe's output; it keeps sums, not packets."""

    def __init__(self) -> None:
        self._sums: dict[int, _Sums] = {}
        self._lines: list[bytes] = []
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        """Take a piece of output, of any length."""
        text = self._tail + piece
        cut = text.rfind(b"\n") + 1
        self._tail = text[cut:]
        for stream, *values in _PACKET.findall(text[:cut]):
            self._sums.setdefault(int(stream), _Sums()).add(*values)
        self._lines += [line for line in text[:cut].split(b"\n") if line.startswith((b"stream|", b"format|"))]

    def written(self, size_bytes: int) -> Written:
        """The file, once everything was fed."""
        rows = [dict(pair.split("=", 1) for pair in line.decode().split("|") if "=" in pair) for line in self._lines]
        tracks = [_track(row, self._sums.get(int(row["index"]), _Sums())) for row in rows if "index" in row]
        told = next((row.get("duration", "N/A") for row in rows if "index" not in row), "N/A")
        longest = max((track.duration_s for track in tracks), default=0.0)
        return Written(size_bytes, longest if told == "N/A" else float(told), tracks)


def _track(row: dict[str, str], sums: _Sums) -> Track:
    return Track(
        kind=_KINDS.get(row["codec_type"], row["codec_type"]),
        codec=row["codec_name"],
        samples=sums.samples,
        size_bytes=sums.size_bytes,
        duration_s=float((sums.end - (sums.start or 0)) * Fraction(row["time_base"])),
        width=_whole(row.get("width")),
        height=_whole(row.get("height")),
        channels=_whole(row.get("channels")),
        sample_rate_hz=_whole(row.get("sample_rate")),
        start_s=float((sums.start or 0) * Fraction(row["time_base"])),
    )


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
