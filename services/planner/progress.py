"""How far subtasks are: the share of their units' expected work that is done; and how far a flow is. Pure."""

from contracts.flows import SubtaskProgress
from contracts.subtasks import SubtaskState, SubtaskView

from .flow import Flow, UnitRecord, UnitState

PREPARED_SHARE = 20.0
"""Percent of a flow that are done when its source has been brought."""


def subtask_percent(flow: Flow, subtask: SubtaskView) -> float:
    """0 to 100, one decimal; at most 99.9 before its end; never less than told before."""
    if subtask.state.ended:
        return subtask.progress_percent
    total = done = 0.0
    for unit in flow.units.values():
        if not _counts(unit) or subtask.subtask_id not in unit.planned.subtask_ids:
            continue
        total += unit.planned.cost_s
        done += unit.planned.cost_s * unit.progress_percent / 100
    percent = 100 * done / total if total else 0.0
    return max(subtask.progress_percent, min(round(percent, 1), 99.9))


def flow_percent(flow: Flow) -> float:
    """0 to 99.9, one decimal, never less than told before: the mean of its subtasks, after what has to come before."""
    lines = [progress_line(subtask).progress_percent for subtask in flow.subtasks]
    percent = sum(lines) / len(lines)
    preparing = [unit.progress_percent for unit in flow.units.values() if unit.planned.prepares]
    if preparing:
        share = PREPARED_SHARE / 100
        percent = share * sum(preparing) / len(preparing) + (1 - share) * percent
    return max(flow.progress_percent, min(round(percent, 1), 99.9))


def _counts(unit: UnitRecord) -> bool:
    return unit.active and unit.state is not UnitState.DROPPED and not unit.planned.prepares


def progress_line(subtask: SubtaskView) -> SubtaskProgress:
    """A subtask's line in a flow's progress."""
    return SubtaskProgress(
        subtask_id=subtask.subtask_id,
        kind=subtask.kind,
        definition=subtask.definition,
        state=subtask.state,
        progress_percent=100.0 if subtask.state is SubtaskState.SUCCESS else subtask.progress_percent,
    )
