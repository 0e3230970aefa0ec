"""What is wrong with a playback. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.playback.played import Played

EDGE_S = 0.1  # sound and picture of a medium start and end at most this far apart


@dataclass(frozen=True)
class Expected:
    """What a manifest holds: sizes of its renditions from the lowest up, bytes of its coded sound."""

    duration_s: float
    sizes: Sequence[tuple[int, int]]
    codec: str
    sound_bytes: int


def faults(played: Played, expected: Expected) -> list[str]:
    """Each fault in words; none: played to the end without a gap, with sound, up through all renditions and down."""
    return [*_course(played, expected), *_offered(played, expected), *_seen(played, expected)]


def _course(played: Played, expected: Expected) -> Iterator[str]:
    yield from played.problems
    if not played.ended:
        yield "it did not end"
    if abs(played.duration_s - expected.duration_s) > EDGE_S:
        yield f"it takes {played.duration_s} s, not {expected.duration_s} s"
    yield from (f"it jumped to {at} s" for at in played.seeks)
    match played.played_s:
        case [(start, end)] if start <= EDGE_S and end >= expected.duration_s - EDGE_S:
            pass
        case parts:
            yield f"it played only {parts}"


def _offered(played: Played, expected: Expected) -> Iterator[str]:
    sizes = [(level.width, level.height) for level in played.levels]
    if sizes != list(expected.sizes):
        yield f"levels by bandwidth are {sizes}, not {expected.sizes}"
    if len({level.bandwidth_bps for level in played.levels}) != len(sizes):
        yield "levels of the same bandwidth"
    yield from (f"codecs {one.codecs!r}" for one in played.levels if not one.codecs.startswith(expected.codec))


def _seen(played: Played, expected: Expected) -> Iterator[str]:
    tour = [*expected.sizes, expected.sizes[0]]
    if played.sizes != tour:
        yield f"pictures were {played.sizes}, not {tour}"
    if played.corrupted:
        yield f"{played.corrupted} corrupted pictures"
    if played.sounds < 1 or played.sound_bytes < 0.95 * expected.sound_bytes:
        yield f"{played.sounds} sounds, {played.sound_bytes} of {expected.sound_bytes} bytes heard"
