"""Where to cut a source: borders between chunks. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from shared.index import PacketIndex

TARGET_S = 30.0
"""Worker time that a chunk should take."""
LEAST_S = 20.0
"""Below two chunks of this much work nothing is cut: each costs 0.3 s to start, and a seam."""
MOST_CHUNKS = 400
"""Keeps a flow's record within reason; longer films get longer chunks."""
KEY_REACH, SCENE_REACH = 0.25, 0.4
"""Of a chunk's length: how far a border moves for a key picture, and for a change of scene."""
MANY = 6
"""Chunks from which on unequal lengths make no worker wait."""
EARLY = 0.9
"""Of the longest distance between two key pictures: the most that counts as early. Rates that vary blur it a little."""


def chunk_count(cost_s: float, slots: int) -> int:
    """How many chunks work of `cost_s` seconds is cut into, 1 for none.

    While they are few, their number is a multiple of the slots, so that no slot idles while others do the last ones.
    """
    if cost_s < 2 * LEAST_S:
        return 1
    count = max(2, round(cost_s / TARGET_S))
    if slots > 1 and count < 4 * slots:
        rounds = max(1, round(count / slots))
        even = next((n * slots for n in range(rounds, 0, -1) if cost_s / (n * slots) >= LEAST_S), None)
        count = even or max(2, min(count, int(cost_s / LEAST_S)))
    return min(count, MOST_CHUNKS)


def borders(index: PacketIndex, first: int, stop: int, count: int) -> list[int]:
    """Positions in the index that part `first` <= position < `stop` into about `count` chunks, both ends included.

    Chunks take equal times. A border moves to a key picture when one is within a quarter chunk: decoding then starts
    right there; best to one that came early, even from a little further away, since that is a change of scene, where
    an encoder puts a keyframe anyway and a seam costs nothing. Each chunk has a picture at least; where there are too
    few, there are fewer chunks.
    """
    pts = index.pts
    start, end = pts[first], pts[stop] if stop < len(pts) else index.end_pts
    early = _early(index)
    chosen = [first]
    for number in range(1, count):
        ideal = start + (end - start) * number / count
        length = (end - start) / count
        near = _nearest(early, ideal, SCENE_REACH * length if count >= MANY else KEY_REACH * length)
        if near is None:
            near = _nearest(index.keys, ideal, KEY_REACH * length)
        position = bisect_left(pts, ideal if near is None else near, first, stop)
        if chosen[-1] < position < stop:
            chosen.append(position)
    return [*chosen, stop]


def _early(index: PacketIndex) -> list[int]:
    """Key pictures that follow another sooner, in pictures, than the source's encoder had to make one."""
    places = [bisect_left(index.pts, key) for key in index.keys]
    gaps = [after - before for before, after in pairwise(places)]
    soon = EARLY * max(gaps, default=0)
    return [key for key, gap in zip(index.keys[1:], gaps, strict=True) if gap < soon]


def _nearest(keys: Sequence[int], ideal: float, reach: float) -> int | None:
    at = bisect_left(keys, ideal)
    around = [key for key in keys[max(0, at - 1) : at + 1] if abs(key - ideal) <= reach]
    return min(around, key=lambda key: abs(key - ideal), default=None)


def wasted(index: PacketIndex, chosen: Sequence[int]) -> int:
    """How many pictures are decoded for nothing, on the way from a key picture to a chunk's first."""
    return sum(position - bisect_left(index.pts, index.key_before(index.pts[position])) for position in chosen[1:-1])
