"""The part of a source that a group of renditions shows, in pictures. Pure."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction

from contracts.codes import INVALID_TIME_OFFSET
from contracts.units import VideoEncode
from shared.errors import MediaError
from shared.index import PacketIndex

from .seeking import MARGIN_S
from .windows import Window

_TOLERANCE = Fraction(2, 1_000_000)


@dataclass(frozen=True)
class Span:
    """Positions `first` <= n < `stop` of an index; `zero` is the output's 0, `end` its end (None: open), absolute.

    `closed`: other pictures follow, so that the last one is to end on time. Each picture needs so many `neighbours`
    before it decoded, too.
    """

    index: PacketIndex
    first: int
    stop: int
    zero: Fraction
    end: Fraction | None
    neighbours: int = 0
    closed: bool = False

    @classmethod
    def of(cls, window: Window, container_start_s: float, index: PacketIndex, neighbours: int = 0) -> "Span":
        """The pictures whose PTS lie in a window. Raises MediaError (INVALID_TIME_OFFSET) when there are none."""
        zero = _micro(container_start_s) + _micro(window.start_s)
        end = None if window.end_s is None else _micro(container_start_s) + _micro(window.end_s)
        first = index.at_or_after(zero - _TOLERANCE) if window.start_s else 0
        stop = len(index) if end is None else index.at_or_after(end - _TOLERANCE)
        if first >= stop:
            raise MediaError(f"no picture from {window.start_s:g} s to the end of the window", INVALID_TIME_OFFSET)
        return cls(index, first, stop, zero, None if stop == len(index) else end, neighbours)

    @property
    def first_pts(self) -> int:
        """The PTS of the first picture."""
        return self.index.pts[self.first]

    @property
    def delay_s(self) -> Fraction:
        """How long after the output's 0 the picture begins."""
        return max(Fraction(0), self.first_pts * self.index.time_base - self.zero)

    def seconds(self, first: int, stop: int) -> Fraction:
        """How long a range of positions lasts."""
        return (self._pts(stop) - self._pts(first)) * self.index.time_base

    def begins_scene(self, position: int) -> bool:
        """Whether no picture from a position on refers to one before it, in any encoder: the span's ends count, too."""
        return position in (self.first, self.stop) or self.index.pts[position] in self.index.scene_changes

    def tick(self, position: int, fps: Fraction) -> int:
        """The output tick at which a picture comes on show, rounded as ffmpeg's fps filter does (near)."""
        return math.floor((self._pts(position) - self.first_pts) * self.index.time_base * fps + Fraction(1, 2))

    def until(self, position: int, fps: Fraction | None) -> Fraction:
        """From the first picture's start to that of the one at a position, or at `stop` to the end, on the output."""
        if position < self.stop:
            return self.tick(position, fps) / fps if fps else self.seconds(self.first, position)
        if fps:
            return self._last_tick(fps) / fps
        end = self._pts(self.stop) * self.index.time_base if self.end is None else self.end
        return max(end - self.first_pts * self.index.time_base, Fraction(1, 1000))

    def _last_tick(self, fps: Fraction) -> int:
        """The tick at which the span ends, 1 at least."""
        if self.end is None:
            return max(1, self.tick(self.stop, fps))
        return max(1, math.ceil((self.end - self.first_pts * self.index.time_base) * fps))

    def seek_s(self, position: int) -> float | None:
        """An absolute time to read from for the picture at a position; None: from the file's start."""
        key = self.key(position)
        if key <= self.index.pts[0]:
            return None
        return self.index.seconds(key) - MARGIN_S

    def decoded(self, first: int, stop: int) -> int:
        """How many pictures are decoded to get a range of positions."""
        return stop - bisect_left(self.index.pts, self.key(first))

    def key(self, position: int) -> int:
        """The PTS of the key picture that decoding begins with for the picture at a position."""
        return self.index.key_before(self.index.pts[max(0, position - self.neighbours)])

    def bounded(self, video: VideoEncode, first: int, stop: int) -> VideoEncode:
        """A rendition's picture, cut to a range of positions. Its first picture keeps its phase."""
        bounds = self._ticks(video.fps, first, stop) if video.fps else self._midpoints(first, stop)
        rate = video.fps or (stop - first) / max(self.seconds(first, stop), Fraction(1, 1000))
        made = video.model_copy(update={**bounds, "frame_rate": rate.limit_denominator(1001)})
        if video.key_every_s is None:
            return made
        behind_s = self.tick(first, video.fps) / video.fps if video.fps else self.seconds(self.first, first)
        return made.model_copy(update={"key_phase_s": (video.key_phase_s + behind_s) % video.key_every_s})

    def _ticks(self, fps: Fraction, first: int, stop: int) -> dict[str, object]:
        start = self.tick(first, fps)
        if stop < self.stop:
            end = self.tick(stop, fps)
            return {"start": start, "end": end, "shift": start, "frames_min": end - start, "frames_max": end - start}
        last = self.tick(stop - 1, fps)
        if self.closed:
            end = self._last_tick(fps)
            count = {"frames_min": end - start, "frames_max": end - start, "hold": max(0, end - last) + 1}
            return {"start": start, "end": end, "shift": start, **count}
        if self.end is not None:
            end = math.ceil((self.end - self.first_pts * self.index.time_base) * fps)
            return {
                "start": start,
                "end": end,
                "shift": start,
                "frames_min": min(end, last) - start,
                "frames_max": end - start,
            }
        longest = self.tick(stop, fps) + 2
        return {
            "start": start,
            "end": None,
            "shift": start,
            "frames_min": last - start,
            "frames_max": longest - start,
        }

    def _midpoints(self, first: int, stop: int) -> dict[str, object]:
        pts, count = self.index.pts, stop - first
        return {
            "start": self.index.border(first) if first else pts[0],
            "end": self.index.border(stop) if stop < len(pts) else None,
            "shift": pts[first],
            "frames_min": count,
            "frames_max": count,
        }

    def _pts(self, position: int) -> int:
        return self.index.pts[position] if position < len(self.index) else self.index.end_pts


def _micro(seconds: float) -> Fraction:
    """Containers and users tell times in microseconds at best; floats are not taken more exactly than meant."""
    return Fraction(round(seconds * 1_000_000), 1_000_000)
