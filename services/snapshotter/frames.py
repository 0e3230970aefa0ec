"""Which different pictures a unit's shots need, and in which runs of ffmpeg they are fetched. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.units import PicturesWork, Shot

SCAN_SHOTS = 500
"""Pictures in one scan: keeps the filter expression within a command line."""


@dataclass(frozen=True)
class Needed:
    """`frames` are different pictures in the order of time; `of_shot[n]` is the one that shot n shows."""

    frames: list[Shot]
    of_shot: list[int]


def needed(work: PicturesWork) -> Needed:
    """Shots on the same picture need it once. By the clock every shot is its own picture."""
    order = sorted(range(len(work.shots)), key=lambda n: work.shots[n].time_s)
    frames: list[Shot] = []
    of_shot = [0] * len(order)
    for n in order:
        shot = work.shots[n]
        same = bool(frames) and work.times == "kept" and (frames[-1].start, frames[-1].end) == (shot.start, shot.end)
        if not same:
            frames.append(shot)
        of_shot[n] = len(frames) - 1
    return Needed(frames, of_shot)


def batches(work: PicturesWork, frames: Sequence[Shot]) -> list[Sequence[Shot]]:
    """The frames that one run of ffmpeg fetches. By the clock there is only one: it reads from the start."""
    size = work.at_once if work.method == "seek" else SCAN_SHOTS
    if work.times == "mended":
        size = len(frames)
    return [frames[n : n + size] for n in range(0, len(frames), size)]
