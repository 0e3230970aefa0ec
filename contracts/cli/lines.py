"""A line for each change, where there is no terminal."""

from types import TracebackType
from typing import Self

from rich.console import Console

from ..flows import FlowStarted
from ..model import Model
from ..subtasks import SubtaskEvent


class Lines:
    """Leaves the progress in between out."""

    def __init__(self, out: Console) -> None:
        self._out = out

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, key: str, data: Model) -> None:
        """The line of an event."""
        match data:
            case FlowStarted():
                length = f", {data.media.duration_s:.1f} s" if data.media.duration_s is not None else ""
                self._out.print(f"started: {data.media.container}{length}")
            case SubtaskEvent() if key != "subtask.progressed.v1":
                subtask = data.subtask
                self._out.print(f"{subtask.subtask_id} ({subtask.definition}): {subtask.state} {subtask.code}".rstrip())
            case _:
                pass
