"""What has to happen next to a flow. Pure and level-triggered: it looks at the state, not at what just happened.

Applied and asked again at the same moment, it decides nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.flows import FlowState, Outcome
from contracts.subtasks import SubtaskOutput, SubtaskState, TranscodeOutput
from contracts.units import MadeFile, UnitError

from .flow import Flow, UnitRecord, UnitState, is_due
from .next_flows import NextSteps, next_steps
from .planned import PlannedUnit


@dataclass(frozen=True)
class SubtaskEnd:
    """How a subtask ends: with an output, with an error, or (neither) aborted."""

    output: SubtaskOutput | None = None
    error: UnitError | None = None


@dataclass
class Decision:
    """Changes to make, in this order."""

    activate: list[str] = field(default_factory=list)
    """Fallback units whose group proved inexact."""
    drop: list[str] = field(default_factory=list)
    """Units that nothing needs any more."""
    request: list[str] = field(default_factory=list)
    """Units to ask a worker for: a new attempt, or the same again when nothing was heard for long."""
    ended: dict[str, SubtaskEnd] = field(default_factory=dict)
    finish: tuple[FlowState, Outcome | None] | None = None
    next: NextSteps = field(default_factory=NextSteps)
    due_at: datetime | None = None
    """When to look again even if nothing is heard."""


def decide(flow: Flow, now: datetime, resend_s: float) -> Decision:
    """What to do about a flow; nothing for one that has ended, or is to be probed next, but for its next flows."""
    resend = timedelta(seconds=resend_s)
    decision = _of_units(flow, now, resend)
    ends = {
        subtask.subtask_id: subtask.state is SubtaskState.SUCCESS for subtask in flow.subtasks if subtask.state.ended
    }
    ends |= {subtask_id: end.output is not None for subtask_id, end in decision.ended.items()}
    decision.next = next_steps(flow, ends, now, resend)
    decision.due_at = min(filter(None, (decision.due_at, decision.next.due_at)), default=None)
    return decision


def _of_units(flow: Flow, now: datetime, resend: timedelta) -> Decision:
    decision = Decision()
    if flow.state.ended:
        return decision
    if flow.cancel_requested:
        return _abort(flow)
    if flow.to_be_probed:
        return decision
    inexact = _inexact_groups(flow)
    decision.activate = _fallbacks(flow, inexact)
    decision.ended = _ended(flow, inexact)
    alive = _alive(flow, decision, inexact)
    decision.drop = [unit_id for unit_id, unit in flow.units.items() if not unit.state.ended and unit_id not in alive]
    decision.request = [unit_id for unit_id in alive if _wanted(flow, unit_id, decision, now, resend)]
    decision.finish = _finish(flow, decision)
    decision.due_at = _due(flow, alive, now, resend)
    return decision


def _abort(flow: Flow) -> Decision:
    return Decision(
        drop=[unit_id for unit_id, unit in flow.units.items() if not unit.state.ended],
        ended={subtask.subtask_id: SubtaskEnd() for subtask in flow.subtasks if not subtask.state.ended},
        finish=(FlowState.ABORTED, None),
    )


def _inexact_groups(flow: Flow) -> set[str]:
    return {
        unit.planned.group
        for unit in flow.units.values()
        if unit.planned.group
        and unit.state is UnitState.FAILED
        and unit.error
        and unit.error.kind == "inexact"
        and not unit.planned.fallback
    }


def _fallbacks(flow: Flow, inexact: set[str]) -> list[str]:
    return [
        unit_id
        for unit_id, unit in flow.units.items()
        if unit.planned.fallback and not unit.active and not unit.state.ended and unit.planned.group in inexact
    ]


def _replaced(unit: UnitRecord, inexact: set[str]) -> bool:
    """Whether a fallback has taken over the unit's work."""
    return not unit.planned.fallback and unit.planned.group is not None and unit.planned.group in inexact


def outputs(unit: UnitRecord) -> dict[str, SubtaskOutput]:
    """The finished subtask outputs that a successful unit brought."""
    result = unit.result
    if unit.state is not UnitState.SUCCESS or result is None:
        return {}
    return outputs_of(unit.planned, result.files, result.output)


def outputs_of(
    planned: PlannedUnit, files: Sequence[MadeFile], output: SubtaskOutput | None
) -> dict[str, SubtaskOutput]:
    """The finished outputs, by subtask, among what a unit made."""
    if output is not None:
        made = {planned.subtask_ids[0]: output}
    else:
        made = {file.subtask_id: file.output for file in files if file.output is not None and file.subtask_id}
    edited = planned.edited
    if edited is None:
        return made
    return {
        subtask_id: edited.told(output) for subtask_id, output in made.items() if isinstance(output, TranscodeOutput)
    }


def _ended(flow: Flow, inexact: set[str]) -> dict[str, SubtaskEnd]:
    open_ids = {subtask.subtask_id for subtask in flow.subtasks if not subtask.state.ended}
    ended = {
        subtask_id: SubtaskEnd(error=error) for subtask_id, error in flow.impossible.items() if subtask_id in open_ids
    }
    for unit in flow.units.values():
        for subtask_id, output in outputs(unit).items():
            if subtask_id in open_ids:
                ended[subtask_id] = SubtaskEnd(output=output)
    for unit in flow.units.values():
        if unit.state is UnitState.FAILED and not _replaced(unit, inexact):
            for subtask_id in unit.planned.subtask_ids:
                if subtask_id in open_ids and subtask_id not in ended:
                    ended[subtask_id] = SubtaskEnd(error=unit.error)
    return ended


def _alive(flow: Flow, decision: Decision, inexact: set[str]) -> list[str]:
    """Units that may still bring something: not ended, not replaced, for a subtask that has not ended."""
    open_ids = {subtask.subtask_id for subtask in flow.subtasks if not subtask.state.ended} - set(decision.ended)
    return [
        unit_id
        for unit_id, unit in flow.units.items()
        if not unit.state.ended and not _replaced(unit, inexact) and open_ids.intersection(unit.planned.subtask_ids)
    ]


def _wanted(flow: Flow, unit_id: str, decision: Decision, now: datetime, resend: timedelta) -> bool:
    unit = flow.units[unit_id]
    if unit.state is UnitState.REQUESTED:
        return unit.news_at is not None and unit.news_at + resend <= now
    if not unit.active and unit_id not in decision.activate:
        return False
    ready = all(flow.units[other].state is UnitState.SUCCESS for other in unit.planned.depends_on)
    return ready and is_due(unit.not_before, now)


def _finish(flow: Flow, decision: Decision) -> tuple[FlowState, Outcome | None] | None:
    succeeded = failed = 0
    for subtask in flow.subtasks:
        end = decision.ended.get(subtask.subtask_id)
        if end is None and not subtask.state.ended:
            return None
        good = end.output is not None if end is not None else subtask.state is SubtaskState.SUCCESS
        succeeded, failed = succeeded + good, failed + (not good)
    outcome = Outcome.SUCCESS if not failed else Outcome.PARTIAL if succeeded else Outcome.FAILED
    return FlowState.FINISHED, outcome


def _due(flow: Flow, alive: list[str], now: datetime, resend: timedelta) -> datetime | None:
    moments = []
    for unit_id in alive:
        unit = flow.units[unit_id]
        if unit.state is UnitState.REQUESTED and unit.news_at is not None:
            moments.append(unit.news_at + resend)
        elif unit.active and unit.not_before is not None and unit.not_before > now:
            moments.append(unit.not_before)
    later = [moment for moment in moments if moment > now]
    return min(later, default=now + resend) if alive else None
