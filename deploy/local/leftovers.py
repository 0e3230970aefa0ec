"""Finding and ending what a stack started, by a mark that its processes inherit in their environment.

A service runs ffmpeg in a session of its own and Erlang starts helpers, so neither process groups nor parents
name them all; and after a SIGKILL of the supervisor nobody else remembers them.
"""

import asyncio
import contextlib
import hashlib
import os
import signal
import time
from pathlib import Path

MARK = "VODFLOW_STACK_MARK"
_POLL_S = 0.05


def mark_of(data: Path, name: str = "") -> str:
    """The value of MARK for the processes of one child; without a name, the start of it for all of a stack."""
    return f"{hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]}/{name}"


def marked(prefix: str) -> list[int]:
    """Ids of living processes whose mark starts with `prefix` (of those whose environment we may read)."""
    wanted = f"{MARK}={prefix}".encode()
    return [pid for pid in _processes() if any(entry.startswith(wanted) for entry in _environment(pid))]


async def end_marked(prefix: str, grace_s: float = 0.0) -> list[int]:
    """SIGTERM to every process with this mark, and SIGKILL after `grace_s`. Returns the ids that were there."""
    found = await asyncio.to_thread(marked, prefix)
    if found and grace_s:
        _send(found, signal.SIGTERM)
        await _wait_until_gone(prefix, grace_s)
    while remaining := await asyncio.to_thread(marked, prefix):
        _send(remaining, signal.SIGKILL)
        await asyncio.sleep(_POLL_S)
    return found


async def _wait_until_gone(prefix: str, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while await asyncio.to_thread(marked, prefix):
        if time.monotonic() > deadline:
            return
        await asyncio.sleep(_POLL_S)


def _processes() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and int(entry) != os.getpid()]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
