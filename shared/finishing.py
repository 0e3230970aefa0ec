"""The last step of an attempt: a file that ffmpeg has written, in its own container, and what is in it."""

from pathlib import Path

from contracts.fitting import Container

from .counting import counted
from .flv import rewritten
from .process import STALL_S
from .written import Written


async def finished(path: Path, container: Container, *, stall_s: float = STALL_S) -> tuple[Path, Written]:
    """The file, put into `container` when `written_first` had ffmpeg write another, and exact counts of it.

    Raises TransientError when the file is not whole, or a program could not be run or hung.
    """
    if path.suffix == f".{container}":
        return path, await counted(path, container, stall_s=stall_s)
    target = path.with_suffix(f".{container}")
    return target, await rewritten(path, target, stall_s=stall_s)
