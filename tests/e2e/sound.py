"""Whether two files sound alike at the same moments: by their samples, for containers tell starts differently."""

import functools
import subprocess
from array import array
from operator import mul
from pathlib import Path

RATE_HZ = 8000
REACH = RATE_HZ // 40
"""Shifts up to 25 ms are told."""


def shift_s(made: Path, source: Path) -> float:
    """How much later `made` sounds than `source`, each counted from its container's start; 25 ms at most."""
    one, other = _heard(made), _heard(source)
    length = min(len(one), len(other)) - 2 * REACH
    window = min(length, RATE_HZ // 2)
    start = max(range(REACH, REACH + length - window + 1, window // 2), key=lambda at: _energy(other, at, window))
    piece = other[start : start + window]

    def alike(shift: int) -> int:
        return sum(map(mul, one[start + shift : start + shift + window], piece))

    return max(sorted(range(-REACH, REACH + 1), key=abs), key=alike) / RATE_HZ


def _energy(samples: "array[int]", start: int, length: int) -> int:
    piece = samples[start : start + length]
    return sum(map(mul, piece, piece))


@functools.cache
def _heard(path: Path) -> "array[int]":
    """Samples of the whole time line, silence where nothing is."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{path}", "-map", "0:a:0", "-ac", "1"]
    filled = ["-af", f"aresample={RATE_HZ}:async=1:first_pts=0", "-f", "s16le", "-"]
    return array("h", subprocess.run([*argv, *filled], capture_output=True, check=True).stdout)
