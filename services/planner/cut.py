"""Where to cut a source: borders between chunks. Pure."""

from bisect import bisect_left
from collections.abc import Sequence

from shared.index import PacketIndex

TARGET_S = 30.0
"""Worker time that a chunk should take."""
LEAST_S = 20.0
"""Below two chunks of this much work nothing is cut: each costs 0.3 s to start, and a seam."""
VP9_LEAST_S = 20.0
"""How long chunks of VP9 at an average rate last at least: libvpx spends too much at first, and too little is left for
the pictures before a chunk's end. In chunks of ten seconds they were 2 dB worse, and all pictures 0.3 dB."""
MOST_CHUNKS = 400
"""Keeps a flow's record within reason; longer films get longer chunks."""
KEY_REACH, SCENE_REACH = 0.25, 0.4
"""Of a chunk's length: how far a border moves for a key picture, and for a change of scene."""
MANY = 6
"""Chunks from which on unequal lengths make no worker wait."""


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
    right there; best to one that came early, since that is a change of scene, where an encoder puts a keyframe anyway
    and a seam costs nothing. For that it moves further where chunks are many. Each chunk has a picture at least; where
    there are too few, there are fewer chunks.
    """
    pts = index.pts
    start, end = pts[first], pts[stop] if stop < len(pts) else index.end_pts
    chosen = [first]
    for number in range(1, count):
        ideal = start + (end - start) * number / count
        length = (end - start) / count
        near = _nearest(index.scene_changes, ideal, length * (KEY_REACH if count < MANY else SCENE_REACH))
        if near is None:
            near = _nearest(index.keys, ideal, KEY_REACH * length)
        position = bisect_left(pts, ideal if near is None else near, first, stop)
        if chosen[-1] < position < stop:
            chosen.append(position)
    return [*chosen, stop]


def _nearest(keys: Sequence[int], ideal: float, reach: float) -> int | None:
    at = bisect_left(keys, ideal)
    around = [key for key in keys[max(0, at - 1) : at + 1] if abs(key - ideal) <= reach]
    return min(around, key=lambda key: abs(key - ideal), default=None)


def wasted(index: PacketIndex, chosen: Sequence[int]) -> int:
    """How many pictures are decoded for nothing, on the way from a key picture to a chunk's first."""
    return sum(position - bisect_left(index.pts, index.key_before(index.pts[position])) for position in chosen[1:-1])
