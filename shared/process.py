"""Running ffmpeg and ffprobe: own process group, both pipes drained, a watchdog on progress, no process left behind."""

import asyncio
import contextlib
import functools
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contracts.codes import TIMED_OUT

from .errors import TransientError
from .vitals import Vitals

STALL_S = 60.0
"""Without any sign of progress for so long, a process counts as hung."""
GRACE_S = 3.0
"""How long a process may take to end after SIGTERM, before SIGKILL."""
_TAIL_LINES = 40
_LINE_CHARS = 500
_READ_BYTES = 1 << 16


@dataclass(frozen=True)
class Ended:
    """How a process ended: `code` 0 is success, negative the signal that killed it; `errors`: stderr's last lines."""

    code: int
    errors: list[str]


@functools.cache
def _dies_with_us() -> tuple[str, ...]:
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()


async def run(argv: Sequence[str], on_output: Callable[[bytes], None], *, stall_s: float = STALL_S) -> Ended:
    """Run a program to its end; `on_output` gets its standard output piece by piece.

    Cancelling the caller ends the whole process group first. Raises TransientError when the program cannot be
    started, or (code TIMED_OUT) when for `stall_s` it neither told of progress nor moved any data.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *_dies_with_us(), *argv, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
        )
    except OSError as error:
        raise TransientError(f"{argv[0]} cannot be started: {error}") from error
    tail: deque[str] = deque(maxlen=_TAIL_LINES)
    vitals = Vitals(process.pid)
    stalled = False
    code = 0
    try:
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(_watch(process, vitals, stall_s))
            reading = [
                group.create_task(_drain_output(process, vitals, on_output)),
                group.create_task(_drain_errors(process, tail)),
            ]
            code = await process.wait()
            await asyncio.gather(*reading)
            watching.cancel()
    except* _Stalled:
        stalled = True
    finally:
        await _end(process)
    if stalled:
        raise TransientError(f"{argv[0]} made no progress for {stall_s:g} s", TIMED_OUT)
    return Ended(code, list(tail))


class _Stalled(Exception):
    pass


async def _watch(process: Process, vitals: Vitals, stall_s: float) -> None:
    while True:
        await asyncio.sleep(stall_s / 10)
        if vitals.silent_s() > stall_s:
            await _end(process)
            raise _Stalled


async def _drain_output(process: Process, vitals: Vitals, on_output: Callable[[bytes], None]) -> None:
    assert process.stdout is not None
    while piece := await process.stdout.read(_READ_BYTES):
        vitals.heard(piece)
        on_output(piece)


async def _drain_errors(process: Process, tail: deque[str]) -> None:
    assert process.stderr is not None
    rest = b""
    while piece := await process.stderr.read(_READ_BYTES):
        *lines, rest = (rest + piece).split(b"\n")
        tail.extend(line[:_LINE_CHARS].decode(errors="replace") for line in lines[-_TAIL_LINES:] if line.strip())
        rest = rest[-_LINE_CHARS:]
    if rest.strip():
        tail.append(rest[:_LINE_CHARS].decode(errors="replace"))


async def _end(process: Process) -> None:
    """SIGTERM to the group, SIGKILL after the grace; also when we are cancelled again meanwhile."""
    if process.returncode is not None:
        return
    try:
        _signal(process, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                await process.wait()
    finally:
        if process.returncode is None:
            _signal(process, signal.SIGKILL)
            await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
