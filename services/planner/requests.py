"""The work that a request carries: what earlier units made is filled in. Pure."""

from collections.abc import Callable
from typing import Any

from contracts.model import Model
from contracts.subtitle_work import SubtitleRef
from contracts.units import ChunkRef, MadeFile, PieceRef, SoundPiece, Work
from shared.subtitled import lost

from .flow import Flow, UnitRecord

Maker = Callable[[str, str], MadeFile | None]
"""What a unit made under a name, if it did: `(unit id, name)`."""


def work_of(flow: Flow, unit: UnitRecord) -> Work:
    """A unit's work, ready to be done."""

    def made(unit_id: str, name: str) -> MadeFile | None:
        result = flow.units[unit_id].result
        assert result is not None, f"{unit_id} has no result"
        return next((one for one in result.files if one.name == name), None)

    work = filled(unit.planned.work, made)
    return _noted(work, [_why(flow, unit)]) if unit.planned.fallback else work


def filled(work: Work, made: Maker) -> Work:
    """Work of any kind with the places of all its pieces, and what is to be told of them."""
    notes: list[str] = []

    def fill(value: Any) -> Any:
        if isinstance(value, PieceRef) and value.url is None:
            one = made(value.unit_id, value.name)
            if one is None and isinstance(value, SubtitleRef):
                notes.append(lost(value.track))
                return value
            assert one is not None, f"{value.unit_id} has no {value.name}"
            notes.extend(one.notes)
            filled_in: dict[str, object] = {"url": one.url, "frames": one.frames}
            if isinstance(value, ChunkRef) and value.measured:
                filled_in["duration_s"] = value.duration_s + (one.shown_s or 0)
            return value.model_copy(update=filled_in)
        if isinstance(value, SoundPiece) and value.measured_by:
            measured = made(value.measured_by.unit_id, value.measured_by.name)
            assert measured is not None, f"{value.measured_by.unit_id} has no {value.measured_by.name}"
            return value.model_copy(update={"duration_s": value.duration_s + (measured.shown_s or 0)})
        if isinstance(value, Model):
            changed = {name: new for name, old in value if (new := fill(old)) is not old}
            return value.model_copy(update=changed) if changed else value
        if isinstance(value, list):
            items = [fill(item) for item in value]
            return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        return value

    done: Work = fill(work)
    return _noted(done, notes)


def _noted(work: Work, notes: list[str]) -> Work:
    """With more to tell, where the work tells anything."""
    before: list[str] | None = getattr(work, "notes", None)
    if before is None or not notes:
        return work
    return work.model_copy(update={"notes": list(dict.fromkeys([*before, *notes]))})


def _why(flow: Flow, unit: UnitRecord) -> str:
    inexact = (
        other.error.message
        for other in flow.units.values()
        if other.planned.group == unit.planned.group and other.error is not None and other.error.kind == "inexact"
    )
    return f"encoded in one piece, because a cut was not exact: {next(inexact, 'unknown')}"
