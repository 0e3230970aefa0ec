"""A source's share of renditions that are made of several sources, one after the other. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from contracts.units import AudioIn, ChunkRef, EncodeOutput, PieceRef, SoundPiece, TranscodeWork

from . import cost
from .chunks import cut, picture_units
from .drawings import by_clock
from .group import Group
from .planned import PlannedUnit
from .renditions import Rendition
from .usable import has_sound
from .wholes import SOUND_MARGIN_S, by_the_clock, subtask_ids, video_in

_NONE = Fraction(0)


@dataclass(frozen=True)
class Piece:
    """One source in the row. `group` makes its pictures, from its own index or, without a span, by the clock.

    `fps` is the row's rate; None: each source keeps its own times. In an `edited` row it begins with its first picture;
    else with its window, when a first picture comes late, what was before stays on show.
    """

    group: Group
    fps: Fraction | None
    edited: bool = False

    def by_clock(self) -> "Piece":
        """The same without trust in its index."""
        group = self.group
        if group.span is None:
            return self
        renditions = [
            replace(one, video=by_clock(one.video, group.window, group.span)) for one in group.renditions if one.video
        ]
        return replace(self, group=replace(group, span=None, renditions=renditions))

    def behind(self, heard_s: Fraction, silent_s: Fraction) -> "Piece":
        """The same so far behind a line that segments begin on, in renditions with sound and in those without."""
        return replace(
            self,
            group=replace(
                self.group,
                renditions=[_phased(one, heard_s if one.audio else silent_s) for one in self.group.renditions],
            ),
        )

    def named(self, name: str) -> "Piece":
        """The same with another name."""
        return replace(self, group=replace(self.group, name=name))

    @property
    def lead_s(self) -> Fraction:
        """How long what was before stays on show until the first picture comes: whole ticks where there is a rate."""
        if self.edited:
            return _NONE
        late = self._late_s
        return math.ceil(late * self.fps) / self.fps if self.fps else late

    @property
    def shown_s(self) -> Fraction | None:
        """How long the pictures are on show; None when only the finished file tells."""
        span = self.group.span
        return span.until(span.stop, self.fps) if span else None

    @property
    def heard(self) -> bool:
        """Whether it has any sound."""
        return has_sound(self.group.media, self.group.window)

    def chunks(self) -> list[PlannedUnit]:
        """The units that make the pictures."""
        span = self.group.span
        if span is None:
            return [self._in_one()]
        return picture_units(self.group, span, self._borders())

    def refs(self, name: str, then_s: Fraction) -> list[ChunkRef]:
        """The chunks of a rendition; the last one's picture stays on show `then_s` longer."""
        span = self.group.span
        if span is None:
            return [ChunkRef(unit_id=self._unit_id(0), name=name, duration_s=then_s, measured=True)]
        starts = [span.until(place, self.fps) for place in self._borders()]
        lengths = [stop - start for start, stop in pairwise(starts)]
        lengths[-1] += then_s
        return [ChunkRef(unit_id=self._unit_id(n), name=name, duration_s=length) for n, length in enumerate(lengths)]

    def sound(self, *, kept: bool) -> SoundPiece:
        """The sound, as long as the pictures and what precedes them."""
        shown_s, lead_s = self.shown_s, self.lead_s
        start_s = self._first_s - lead_s
        if kept:
            start_s += _micro(self.group.media.start_s)
        audio = self.group.media.audio
        piece = SoundPiece(source=self.group.source, duration_s=lead_s + (shown_s or 0))
        if shown_s is None:
            measured_by = PieceRef(unit_id=self._unit_id(0), name=self.group.renditions[0].name)
            piece = piece.model_copy(update={"measured_by": measured_by})
        if audio is None or not self.heard:
            return piece
        reading = AudioIn(
            index=audio.index,
            start_s=float(start_s),
            end_s=None if shown_s is None else float(start_s + lead_s + shown_s),
            seek_s=float(start_s) - SOUND_MARGIN_S if kept and self.group.window.start_s > SOUND_MARGIN_S else None,
        )
        return piece.model_copy(update={"audio": reading})

    @property
    def _late_s(self) -> Fraction:
        """How long after the window's start the first picture comes."""
        return max(_NONE, self._first_s - _micro(self.group.window.start_s))

    @property
    def _first_s(self) -> Fraction:
        """When the first picture comes, from the container's start."""
        media, span = self.group.media, self.group.span
        if span is not None:
            return span.first_pts * span.index.time_base - _micro(media.start_s)
        start_s = _micro(self.group.window.start_s)
        if not start_s and media.video is not None and media.video.start_s is not None:
            return max(_NONE, _micro(media.video.start_s) - _micro(media.start_s))
        return math.ceil(start_s * self.fps) / self.fps if self.fps else start_s

    def _borders(self) -> list[int]:
        span = self.group.span
        assert span is not None
        return cut(self.group) or [span.first, span.stop]

    def _unit_id(self, number: int) -> str:
        return f"{self.group.name}-chunk-{number}"

    def _in_one(self) -> PlannedUnit:
        """All pictures by the clock: how many come out is not known before."""
        group = self.group
        pictured = [(one.name, one.video) for one in group.renditions if one.video]
        encodes = [video for _, video in pictured]
        key = group.rate_key(encodes)
        decode_s = cost.decode_s(group.video, group.frames_in) if group.video else 0.0
        work = TranscodeWork(
            source=group.source,
            times="mended",
            video=video_in(group),
            outputs=[
                EncodeOutput(
                    name=name,
                    video=by_the_clock(group, video).model_copy(update={"threads": 1, "inexact": "note"}),
                )
                for name, video in pictured
            ],
            duration_s=group.seconds or None,
        )
        return PlannedUnit(
            unit_id=self._unit_id(0),
            subtask_ids=subtask_ids(group.renditions),
            work=work,
            cost_s=cost.START_S + (decode_s + cost.encode_s(encodes, group.frames_out)) * cost.rate(group.fleet, key),
            rate_key=key,
        )


FADE_S = Fraction(1, 200)
"""Long enough for no click, too short to be heard."""


def faded(sounds: Sequence[SoundPiece], pieces: Sequence[Piece]) -> list[SoundPiece]:
    """The sounds of an edited row, each faded where it was cut or another one follows."""
    made, last = [], len(pieces) - 1
    for n, (sound, piece) in enumerate(zip(sounds, pieces, strict=True)):
        window = piece.group.window
        inward = piece.edited and sound.audio is not None and (n > 0 or window.start_s > 0)
        outward = piece.edited and sound.audio is not None and (n < last or window.end_s is not None)
        fades = {"fade_in_s": FADE_S} if inward else {}
        made.append(sound.model_copy(update=fades | ({"fade_out_s": FADE_S} if outward else {})))
    return made


def _phased(one: Rendition, behind_s: Fraction) -> Rendition:
    every_s = one.video.key_every_s if one.video else None
    if one.video is None or every_s is None:
        return one
    return replace(one, video=one.video.model_copy(update={"key_phase_s": behind_s % every_s}))


def _micro(seconds: float) -> Fraction:
    """Containers and users tell times in microseconds at best."""
    return Fraction(round(seconds * 1_000_000), 1_000_000)
