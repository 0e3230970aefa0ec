"""The packet index of a picture track: when each picture is shown, and where decoding can start. Pure."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise

EARLY = 0.9
"""Of the longest distance between two key pictures: the most that counts as early. Rates that vary blur it a little."""


@dataclass(frozen=True)
class PacketIndex:
    """PTS (presentation time stamps, in `time_base`) of every picture that is shown, ascending.

    `keys` are those at which decoding can start; the first picture is one. `end_pts` is where the last picture ends,
    as far as its packet tells, at least `pts[-1] + 1`. `key_bytes` tell how much there is from each key picture to the
    next, in the order of decoding; empty where that is not known.
    """

    time_base: Fraction
    pts: Sequence[int]
    keys: Sequence[int]
    end_pts: int
    key_bytes: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.pts)

    def seconds(self, pts: int) -> float:
        """A PTS in seconds of the source's own clock."""
        return float(pts * self.time_base)

    def at_or_after(self, seconds: float | Fraction) -> int:
        """Position of the first picture that is not before a time; `len(self)` when there is none."""
        return bisect_left(self.pts, Fraction(seconds) / self.time_base)

    def on_show(self, seconds: float | Fraction) -> int:
        """Position of the picture on show at a time: the last that is not after it, or the first of all."""
        return max(0, bisect_right(self.pts, Fraction(seconds) / self.time_base) - 1)

    def border(self, position: int) -> int:
        """The PTS halfway between a picture and the one before it: what parts them, robust against rounding."""
        return (self.pts[position - 1] + self.pts[position] + 1) // 2

    @cached_property
    def scene_changes(self) -> list[int]:
        """Key pictures that follow another sooner, in pictures, than the source's encoder had to make one."""
        places = [bisect_left(self.pts, key) for key in self.keys]
        gaps = [after - before for before, after in pairwise(places)]
        soon = EARLY * max(gaps, default=0)
        return [key for key, gap in zip(self.keys[1:], gaps, strict=True) if gap < soon]

    def size_bytes(self, first: int, stop: int) -> float:
        """About how much pictures of positions `first` <= n < `stop` take in the source; 0 where that is not known."""
        return self._bytes_before(stop) - self._bytes_before(first) if self.key_bytes else 0.0

    def _bytes_before(self, position: int) -> float:
        """As if pictures between two key pictures were of one size."""
        places, before = self._keys_and_bytes
        at = max(0, bisect_right(places, position) - 1)
        if at == len(self.keys):
            return before[at]
        part = (position - places[at]) / (places[at + 1] - places[at])
        return before[at] + part * self.key_bytes[at]

    @cached_property
    def _keys_and_bytes(self) -> tuple[list[int], list[int]]:
        """Positions of key pictures, and of the end, and how much there is before each."""
        return [*(bisect_left(self.pts, key) for key in self.keys), len(self)], [0, *accumulate(self.key_bytes)]

    def key_before(self, pts: int) -> int:
        """The PTS of the key picture from which the picture at `pts` is decoded."""
        return self.keys[max(0, bisect_right(self.keys, pts) - 1)]


LONGEST_GAP_S = 10
"""In a format whose clock may jump (transport streams), a longer gap between pictures counts as a jump."""


def built(
    time_base: Fraction, packets: Sequence[tuple[int | None, bool, int]], last_duration: int, *, clock_may_jump: bool
) -> PacketIndex | None:
    """The index of packets (PTS, key, bytes) in the order of decoding, discarded ones left out.

    Pictures before the first key picture, in either order, cannot be decoded and are left out. None when the times
    can't be relied on: missing, double, or jumping; such a source is never cut.
    """
    first = next((n for n, (_, key, _) in enumerate(packets) if key), None)
    if first is None:
        return None
    start = packets[first][0]
    if start is None:
        return None
    times: list[int] = []
    keys: list[int] = []
    key_bytes: list[int] = []
    for pts, key, size_bytes in packets[first:]:
        if pts is None:
            return None
        if pts < start:
            continue
        times.append(pts)
        if key:
            keys.append(pts)
            key_bytes.append(0)
        key_bytes[-1] += size_bytes
    times.sort()
    if any(before > after for before, after in pairwise(keys)):
        keys, key_bytes = sorted(keys), []
    longest = LONGEST_GAP_S / time_base if clock_may_jump else None
    for before, after in pairwise(times):
        if before == after or (longest is not None and after - before > longest):
            return None
    end = times[-1] + max(1, last_duration)
    return PacketIndex(time_base, array("q", times), array("q", keys), end, array("q", key_bytes))
