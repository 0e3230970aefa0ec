"""One attempt at a unit, as the code that does the work sees it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from contracts.subtasks import SubtaskOutput
from contracts.units import MadeFile


class Attempt(Protocol):
    """Where an attempt reads, works and leaves its files. Everything in `directory` is removed at its end."""

    directory: Path

    async def source(self, url: str) -> Path:
        """A local file with the content of `url`, to read only. Raises MediaError when it can't be read."""
        ...

    async def keep(self, path: Path, name: str) -> str:
        """Store an intermediate file in scratch storage under a name of this attempt's own; its URL."""
        ...

    async def stage(self, path: Path, url: str) -> None:
        """Store a result beside its final `url`; it is moved there once this attempt has won."""
        ...

    def progress(self, percent: float) -> None:
        """Tell how far the work is, 0 to 100. Cheap; call it as often as you like."""
        ...


@dataclass(frozen=True)
class Made:
    """What an attempt made: files, or the output of the unit's only subtask."""

    files: list[MadeFile] = field(default_factory=list)
    output: SubtaskOutput | None = None


Worker = Callable[[Any, Attempt], Awaitable[Made]]
"""Does a unit's work: `(work, attempt) -> made`; raises WorkError."""
