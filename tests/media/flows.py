"""A whole flow without broker and database: probe, plan, every unit in order, fallbacks where cuts prove inexact."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import shared.media
from contracts.flows import FlowAccepted, Input, Output
from contracts.media import MediaInfo
from contracts.subtasks import EditMedia, Subtask, SubtaskOutput, TranscodeOutput
from contracts.units import MadeFile, TranscodeWork, UnitError
from services.merger.handlers import WORKERS as MERGERS
from services.planner.clip_probing import probe_clips
from services.planner.decide import outputs_of
from services.planner.edit import plan_edit
from services.planner.look_probing import Looked
from services.planner.plan import plan
from services.planner.planned import Fleet, Plan, PlannedUnit
from services.planner.requests import filled
from services.snapshotter.handlers import WORKERS as SNAPSHOTTERS
from services.transcoder.encoders import Tuning
from services.transcoder.handlers import transcode
from shared.attempt import Made
from shared.errors import InexactError
from shared.media import probe
from tests.media.attempt import LocalAttempt, existing, file_url

Result = TypeVar("Result", bound=SubtaskOutput)


@dataclass
class Done:
    """What came of a flow."""

    media: MediaInfo
    plan: Plan
    outputs: dict[str, SubtaskOutput] = field(default_factory=dict)
    failed: dict[str, UnitError] = field(default_factory=dict)
    inexact: list[str] = field(default_factory=list)

    def result(self, subtask_id: str, kind: type[Result]) -> Result:
        """What a subtask of a kind made."""
        found = self.outputs[subtask_id]
        assert isinstance(found, kind)
        return found

    def rendition(self, subtask: int | str = 1) -> TranscodeOutput:
        """What a rendition's subtask made, told by its number or its id."""
        subtask_id = f"transcode-{subtask}" if isinstance(subtask, int) else subtask
        return self.result(subtask_id, TranscodeOutput)


def accepted(source: Path, storage: Path, subtasks: Sequence[Subtask]) -> FlowAccepted:
    """What intake would say."""
    return FlowAccepted(
        flow_id="0" * 32,
        input=Input(url=file_url(source)),
        output=Output(storage=file_url(storage) + "/"),
        subtasks=list(subtasks),
        accepted_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def rates_of(units: Sequence[PlannedUnit], factor: float) -> dict[str, float]:
    """Learned rates that make the same work seem `factor` times as long: they force cuts."""
    return {unit.rate_key: factor for unit in units if unit.rate_key}


async def fetched(url: str) -> Path:
    """A local URL's file."""
    return existing(url)


async def looked(url: str) -> Looked:
    """What a local URL's file is."""
    return Looked(*await shared.media.probe(existing(url)))


async def planned(source: Path, storage: Path, subtasks: Sequence[Subtask], chunks: int = 0) -> tuple[MediaInfo, Plan]:
    """The plan; with `chunks`, rates are such that the picture is cut in about so many."""
    media, index = await probe(source)
    asked = accepted(source, storage, subtasks)
    clips = await probe_clips(asked, looked, fetched)
    made = plan(asked, media, index, Fleet(transcode_slots=1), clips)
    costs = [
        unit.cost_s - 0.3
        for unit in made.units
        if unit.unit_id.startswith("video-0") and unit.rate_key and not unit.fallback
    ]
    if chunks and costs:
        rates = rates_of(made.units, chunks * 30.0 / sum(costs))
        made = plan(asked, media, index, Fleet(transcode_slots=1, rates=rates), clips)
    return media, made


async def planned_edit(edit: EditMedia, storage: Path, chunks: int = 0) -> tuple[MediaInfo, Plan]:
    """The plan of an edit; with `chunks`, its pictures are cut in about so many."""
    asked = accepted(existing(edit.inputs[0].url), storage, [edit])
    clips = await probe_clips(asked, looked, fetched)
    media, made = plan_edit(asked, edit, Fleet(transcode_slots=1), clips)
    costs = [unit.cost_s - 0.3 for unit in made.units if unit.rate_key and not unit.fallback]
    if chunks and costs:
        rates = rates_of(made.units, chunks * 30.0 / sum(costs))
        media, made = plan_edit(asked, edit, Fleet(transcode_slots=1, rates=rates), clips)
    return media, made


async def run(source: Path, work: Path, subtasks: Sequence[Subtask], *, chunks: int = 0, tuning: Tuning) -> Done:
    """Do everything asked of a source. Results lie in `work / "out"`."""
    return await _done(*await planned(source, work / "out", subtasks, chunks), work, tuning)


async def run_edit(edit: EditMedia, work: Path, *, chunks: int = 0, tuning: Tuning) -> Done:
    """Do an edit. The result lies in `work / "out"`."""
    return await _done(*await planned_edit(edit, work / "out", chunks), work, tuning)


async def _done(media: MediaInfo, made: Plan, work: Path, tuning: Tuning) -> Done:
    done = Done(media, made, failed=dict(made.failed))
    files: dict[tuple[str, str], MadeFile] = {}
    numbers = itertools.count()
    broken: set[str] = set()
    for unit in [*made.units]:
        if unit.fallback is (unit.group not in broken) or (unit.group in broken and not unit.fallback):
            continue
        attempt = LocalAttempt(work / f"unit-{next(numbers)}", work / "scratch", unit.unit_id)
        try:
            work_now = filled(unit.work, lambda unit_id, name: files.get((unit_id, name)))
            result = await _work(work_now, attempt, tuning)
        except InexactError as error:
            done.inexact.append(f"{unit.unit_id}: {error.message}")
            assert unit.group is not None
            broken.add(unit.group)
            continue
        for one in result.files:
            files[unit.unit_id, one.name] = one
        done.outputs |= outputs_of(unit, result.files, result.output)
    return done


async def _work(work: Any, attempt: LocalAttempt, tuning: Tuning) -> Made:
    if isinstance(work, TranscodeWork):
        return await transcode(work, attempt, tuning=tuning)
    made: Made = await (MERGERS | SNAPSHOTTERS)[type(work)](work, attempt)
    return made
