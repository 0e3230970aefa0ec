"""The work that a request carries: what earlier units made is filled in. Pure."""

from contracts.units import MadeFile, MergeWork, TranscodeWork, Work
from shared.subtitled import lost

from .flow import Flow, UnitRecord


def work_of(flow: Flow, unit: UnitRecord) -> Work:
    """A unit's work, ready to be done."""
    work = unit.planned.work
    if isinstance(work, MergeWork):
        return _merge(flow, work)
    if isinstance(work, TranscodeWork) and unit.planned.fallback:
        return work.model_copy(update={"notes": [*work.notes, _why(flow, unit)]})
    return work


def _merge(flow: Flow, work: MergeWork) -> MergeWork:
    chunks = []
    for chunk in work.chunks:
        made = _made(flow, chunk.unit_id, chunk.name)
        chunks.append(chunk.model_copy(update={"url": made.url, "frames": made.frames}))
    sound = work.sound
    if sound is not None:
        sound = sound.model_copy(update={"url": _made(flow, sound.unit_id, sound.name).url})
    found = [(ref, _found(flow, ref.unit_id, ref.name)) for ref in work.subtitles]
    subtitles = [ref.model_copy(update={"url": made.url}) for ref, made in found if made]
    told = dict.fromkeys(note for _, made in found if made for note in made.notes)
    notes = [*work.notes, *(lost(ref.track) for ref, made in found if not made), *told]
    return work.model_copy(update={"chunks": chunks, "sound": sound, "subtitles": subtitles, "notes": notes})


def _made(flow: Flow, unit_id: str, name: str) -> MadeFile:
    made = _found(flow, unit_id, name)
    assert made is not None, f"{unit_id} has no {name}"
    return made


def _found(flow: Flow, unit_id: str, name: str) -> MadeFile | None:
    result = flow.units[unit_id].result
    assert result is not None, f"{unit_id} has no result"
    return next((made for made in result.files if made.name == name), None)


def _why(flow: Flow, unit: UnitRecord) -> str:
    inexact = (
        other.error.message
        for other in flow.units.values()
        if other.planned.group == unit.planned.group and other.error is not None and other.error.kind == "inexact"
    )
    return f"encoded in one piece, because a cut was not exact: {next(inexact, 'unknown')}"
