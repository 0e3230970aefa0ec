"""Cues of subtitles, and the SubRip text that they travel in between our ffmpeg commands. Pure."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

_CLOCK = r"(-?\d+):(\d\d):(\d\d)[,.](\d\d\d)"
_HEAD = re.compile(rf"^\d+\n{_CLOCK} --> {_CLOCK}[^\n]*\n", re.MULTILINE)


class Cue(NamedTuple):
    """A text with when it is on show, in milliseconds."""

    start_ms: int
    end_ms: int
    text: str


def read(subrip: str) -> list[Cue]:
    """The cues of SubRip text as ffmpeg writes it, without those that are never on show or have no text."""
    text = subrip.replace("\r\n", "\n").replace("\r", "\n")
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    cues = [
        Cue(_ms(head.groups()[:4]), _ms(head.groups()[4:]), text[head.end() : end].strip("\n"))
        for head, end in zip(heads, ends, strict=False)
    ]
    return [cue for cue in cues if cue.end_ms > cue.start_ms and cue.text.strip()]


def windowed(cues: Iterable[Cue], start_s: float, end_s: float | None) -> list[Cue]:
    """What is on show from `start_s` to before `end_s`, the window's start as 0; cues across a border are cut there."""
    start = round(start_s * 1000)
    end = None if end_s is None else round(end_s * 1000)
    kept = [
        Cue(max(cue.start_ms, start) - start, (cue.end_ms if end is None else min(cue.end_ms, end)) - start, cue.text)
        for cue in cues
    ]
    return sorted((cue for cue in kept if cue.end_ms > cue.start_ms), key=lambda cue: cue.start_ms)


def apart(cues: Sequence[Cue]) -> list[Cue]:
    """The same on show at every moment, by cues of which no two overlap: for MP4, where one ends with the next's start.

    Texts that are on show together stand one below another.
    """
    times = sorted({time for cue in cues for time in (cue.start_ms, cue.end_ms)})
    ahead = sorted(cues, key=lambda cue: cue.start_ms)[::-1]
    shown: list[Cue] = []
    made: list[Cue] = []
    for start, end in pairwise(times):
        shown = [cue for cue in shown if cue.end_ms > start]
        while ahead and ahead[-1].start_ms <= start:
            shown.append(ahead.pop())
        del shown[MOST_AT_ONCE:]
        if shown:
            made.append(Cue(start, end, "\n".join(cue.text for cue in shown)))
    return _joined(made, cues)


MOST_AT_ONCE = 16
"""Texts on show together; of more the latest are left out."""


def _joined(pieces: Sequence[Cue], cues: Sequence[Cue]) -> list[Cue]:
    """Pieces with the same text that follow each other are one again, unless a new cue began there."""
    begins = {cue.start_ms for cue in cues}
    made: list[Cue] = []
    for piece in pieces:
        if made and made[-1].end_ms == piece.start_ms and made[-1].text == piece.text and piece.start_ms not in begins:
            made[-1] = made[-1]._replace(end_ms=piece.end_ms)
        else:
            made.append(piece)
    return made


def subrip(cues: Iterable[Cue]) -> str:
    """SubRip text. A text's empty lines, which would end it, become a space."""
    return "".join(
        f"{number}\n{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{_without_gaps(cue.text)}\n\n"
        for number, cue in enumerate(cues, start=1)
    )


def _without_gaps(text: str) -> str:
    return "\n".join(line if line.strip() else " " for line in text.split("\n"))


def _ms(clock: Sequence[str]) -> int:
    hours, minutes, seconds, milliseconds = map(int, clock)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{rest:03d}"
