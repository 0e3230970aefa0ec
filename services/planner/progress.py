"""How far subtasks are: the share of their units' expected work that is done. Pure."""

from contracts.flows import SubtaskProgress
from contracts.subtasks import SubtaskState, SubtaskView

from .flow import Flow, UnitState


def subtask_percent(flow: Flow, subtask: SubtaskView) -> float:
    """0 to 100, one decimal; at most 99.9 before its end; never less than told before."""
    if subtask.state.ended:
        return subtask.progress_percent
    total = done = 0.0
    for unit in flow.units.values():
        if subtask.subtask_id not in unit.planned.subtask_ids or not unit.active or unit.state is UnitState.DROPPED:
            continue
        total += unit.planned.cost_s
        done += unit.planned.cost_s * unit.progress_percent / 100
    percent = 100 * done / total if total else 0.0
    return max(subtask.progress_percent, min(round(percent, 1), 99.9))


def progress_line(subtask: SubtaskView) -> SubtaskProgress:
    """A subtask's line in a flow's progress."""
    return SubtaskProgress(
        subtask_id=subtask.subtask_id,
        kind=subtask.kind,
        definition=subtask.definition,
        state=subtask.state,
        progress_percent=100.0 if subtask.state is SubtaskState.SUCCESS else subtask.progress_percent,
    )
