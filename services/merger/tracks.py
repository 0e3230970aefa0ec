"""A stream that was cut: what its files hold, and how many bits a second playing it takes. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from contracts.units import StreamFiles

from .playlists import Playlist
from .playlists import target_s as rounded_target


@dataclass(frozen=True)
class CutTrack:
    """Measured facts of one stream. `playlist` has byte counts for every part; `codec` is named as RFC 6381 does.

    `start_s`: when it begins, after the 0 of its set. `frame_rate` is exact where one was asked for.
    """

    type: Literal["video", "audio"]
    files: StreamFiles
    playlist: Playlist
    codec: str
    plain_codec: str
    start_s: float = 0.0
    width: int = 0
    height: int = 0
    frames: int = 0
    frame_rate: Fraction | None = None
    sample_rate_hz: int = 0
    channels: int = 0

    @property
    def durations_s(self) -> list[Fraction]:
        """Of the segments."""
        return [segment.duration_s for segment in self.playlist.segments]

    @property
    def sizes_bytes(self) -> list[int]:
        """Of the segments."""
        return [segment.part.size_bytes or 0 for segment in self.playlist.segments]

    @property
    def duration_s(self) -> Fraction:
        """How long it is."""
        return sum(self.durations_s, Fraction(0))

    @property
    def average_bps(self) -> int:
        """All bits of all segments over their duration."""
        return round(8 * sum(self.sizes_bytes) / self.duration_s) if self.duration_s else 0

    @property
    def peak_bps(self) -> int:
        """The most that a player must receive, as RFC 8216 section 4.1 defines it.

        The largest rate of neighbouring segments that last half to one and a half times the target duration together.
        """
        rates = [8 * size / seconds for size, seconds in self._neighbours() if seconds]
        return max([round(rate) for rate in rates], default=self.average_bps)

    def _neighbours(self) -> Iterator[tuple[int, Fraction]]:
        durations, sizes = self.durations_s, self.sizes_bytes
        target = rounded_target(self.playlist.segments)
        for first in range(len(durations)):
            size, seconds = 0, Fraction(0)
            for last in range(first, len(durations)):
                size, seconds = size + sizes[last], seconds + durations[last]
                if 2 * seconds > 3 * target:
                    break
                if 2 * seconds >= target:
                    yield size, seconds


def aligned(tracks: Sequence[CutTrack]) -> bool:
    """Whether players can switch between the pictures at every segment."""
    pictured = [[round(seconds * 500) for seconds in track.durations_s] for track in tracks if track.type == "video"]
    return all(cuts == pictured[0] for cuts in pictured)
