"""The work that a request carries: what earlier units made is filled in. Pure."""

from collections.abc import Callable
from fractions import Fraction

from contracts.units import MadeFile, MergeWork, SoundPiece, TranscodeWork, Work

from .flow import Flow, UnitRecord


def work_of(flow: Flow, unit: UnitRecord) -> Work:
    """A unit's work, ready to be done."""
    work = filled(unit.planned.work, lambda unit_id, name: _made(flow, unit_id, name))
    if isinstance(work, TranscodeWork | MergeWork) and unit.planned.fallback:
        return work.model_copy(update={"notes": [*work.notes, _why(flow, unit)]})
    return work


def filled(work: Work, made: Callable[[str, str], MadeFile]) -> Work:
    """A unit's work with what it needs of files that other units made; `made` finds one by unit and name."""
    if isinstance(work, MergeWork):
        return _merge(work, made)
    if isinstance(work, TranscodeWork) and work.row:
        pieces = [_measured(piece, made) for piece in work.row.pieces]
        return work.model_copy(update={"row": work.row.model_copy(update={"pieces": pieces})})
    return work


def _merge(work: MergeWork, made: Callable[[str, str], MadeFile]) -> MergeWork:
    chunks = []
    for chunk in work.chunks:
        file = made(chunk.unit_id, chunk.name)
        duration_s = chunk.duration_s + ((file.shown_s or 0) if chunk.measured else 0)
        chunks.append(chunk.model_copy(update={"url": file.url, "frames": file.frames, "duration_s": duration_s}))
    sound = work.sound
    if sound is not None:
        sound = sound.model_copy(update={"url": made(sound.unit_id, sound.name).url})
    return work.model_copy(update={"chunks": chunks, "sound": sound})


def _measured(piece: SoundPiece, made: Callable[[str, str], MadeFile]) -> SoundPiece:
    if piece.measured_by is None:
        return piece
    shown_s = made(piece.measured_by.unit_id, piece.measured_by.name).shown_s or Fraction(0)
    return piece.model_copy(update={"duration_s": piece.duration_s + shown_s})


def _made(flow: Flow, unit_id: str, name: str) -> MadeFile:
    result = flow.units[unit_id].result
    assert result is not None, f"{unit_id} has no result"
    return next(made for made in result.files if made.name == name)


def _why(flow: Flow, unit: UnitRecord) -> str:
    inexact = (
        other.error.message
        for other in flow.units.values()
        if other.planned.group == unit.planned.group and other.error is not None and other.error.kind == "inexact"
    )
    return f"encoded in one piece, because a cut was not exact: {next(inexact, 'unknown')}"
