"""A bar for the flow and one for each of its subtasks."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from ..flows import FlowAccepted, FlowFinished, FlowProgressed
from ..model import Model
from ..subtasks import SubtaskEvent, SubtaskState, SubtaskView


def bars(out: Console) -> Progress:
    """How bars look: name, bar, percentage, `state`."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>5.1f} %", markup=False),
        TextColumn("{task.fields[state]}", markup=False),
        console=out,
    )


class Bars:
    """Drawn anew with each event."""

    def __init__(self, out: Console) -> None:
        self._progress = bars(out)
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        self._set("flow", 0.0, "")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, key: str, data: Model) -> None:
        """What an event changes."""
        match data:
            case FlowAccepted():
                for asked in data.subtasks:
                    self._set(f"{asked.subtask_id} ({asked.definition})", 0.0, SubtaskState.WAITING)
            case FlowProgressed():
                self._set("flow", data.progress_percent, "processing")
                for line in data.subtasks:
                    self._set(f"{line.subtask_id} ({line.definition})", line.progress_percent, line.state)
            case SubtaskEvent():
                self._subtask(data.subtask)
            case FlowFinished():
                for subtask in data.flow.subtasks:
                    self._subtask(subtask)
                self._set("flow", data.flow.progress_percent, data.flow.outcome or data.flow.state)
            case _:
                pass

    def _subtask(self, subtask: SubtaskView) -> None:
        percent = 100.0 if subtask.state is SubtaskState.SUCCESS else subtask.progress_percent
        self._set(f"{subtask.subtask_id} ({subtask.definition})", percent, f"{subtask.state} {subtask.code}")

    def _set(self, name: str, percent: float, state: str) -> None:
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(name, total=100.0, state=state)
        self._progress.update(self._bars[name], completed=percent, state=state)
