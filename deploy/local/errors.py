"""What can go wrong with a local stack.

StackError
├── ProgramMissing       a program is not installed
├── DataDirectoryBusy    another stack works in the data directory
└── StartFailed          a process ended at its start, or did not answer in time
"""

from pathlib import Path


class StackError(Exception):
    """The local stack cannot do what was asked; the message says what to do about it."""


class ProgramMissing(StackError):
    """A program is not installed."""

    def __init__(self, program: str, mend: str) -> None:
        super().__init__(f"{program} was not found: {mend}")


class DataDirectoryBusy(StackError):
    """Another stack works in the data directory."""

    def __init__(self, directory: Path, owner: str) -> None:
        super().__init__(
            f"another stack (process {owner or 'unknown'}) works in {directory}: stop it, or choose another --data"
        )


class StartFailed(StackError):
    """A process ended at its start, or did not answer in time."""

    def __init__(self, name: str, reason: str, log: Path, tail: str) -> None:
        last_words = f"; its last words:\n{tail}" if tail else ""
        super().__init__(f"{name} {reason}. See {log}{last_words}")
