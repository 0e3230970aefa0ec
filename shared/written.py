"""What is in a file that ffmpeg has just written for us. Pure values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Track:
    """A track: `kind` vide or soun; `samples` are its pictures or sound packets, `size_bytes` theirs together.

    `start_s` is when it begins, where that was looked for.
    """

    kind: str
    codec: str
    samples: int
    size_bytes: int
    duration_s: float
    width: int = 0
    height: int = 0
    channels: int = 0
    sample_rate_hz: int = 0
    start_s: float = 0.0

    @property
    def bitrate_kbps(self) -> float | None:
        """Average bit rate."""
        return self.size_bytes * 8 / 1000 / self.duration_s if self.duration_s > 0 else None


@dataclass(frozen=True)
class Written:
    """A whole file. `duration_s` is the presentation's, delays included."""

    size_bytes: int
    duration_s: float
    tracks: list[Track]

    def first(self, kind: str) -> Track | None:
        """The first track of a kind, if any."""
        return next((track for track in self.tracks if track.kind == kind), None)
