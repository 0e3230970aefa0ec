"""A child process: own session, output to a log file, ended with its supervisor."""

import asyncio
import contextlib
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_TAIL_BYTES = 4096


@dataclass(frozen=True, kw_only=True)
class Command:
    """How to start a child."""

    name: str
    argv: tuple[str, ...]
    #: The whole environment; nothing else is inherited.
    env: Mapping[str, str]
    #: Gets standard output and standard error, at its end.
    log: Path
    cwd: Path
    #: How long it may take to end after SIGTERM, before SIGKILL.
    grace_s: float = 10.0
    #: The kernel sends this when the supervisor dies without stopping it.
    orphaned: Literal["TERM", "KILL"] = "TERM"


class Child:
    """A running child process. Make it with `start`, end it with `stop`."""

    def __init__(self, command: Command, process: Process) -> None:
        self.command = command
        self._process = process

    @classmethod
    async def start(cls, command: Command) -> "Child":
        """Start a process in a session of its own.

        Raises OSError when the program cannot be run or the log not be written.
        """
        log = os.open(command.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            process = await asyncio.create_subprocess_exec(
                *_dies_with_us(command.orphaned),
                *command.argv,
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                env=dict(command.env),
                cwd=command.cwd,
                start_new_session=True,
            )
        finally:
            os.close(log)
        return cls(command, process)

    @property
    def pid(self) -> int:
        """The process id; also that of its session and process group."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number if a signal ended it."""
        return self._process.returncode

    async def wait(self) -> int:
        """Wait until it has ended; returns `exit_code`."""
        return await self._process.wait()

    async def stop(self, grace_s: float | None = None) -> None:
        """SIGTERM, a wait of at most `grace_s`, SIGKILL to its group. A cancelled stop kills at once."""
        try:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            async with asyncio.timeout(self.command.grace_s if grace_s is None else grace_s):
                await self._process.wait()
        except TimeoutError:
            pass
        finally:
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """SIGKILL to the process and its group, if it still runs."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)


def log_tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log file; empty when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _dies_with_us(orphaned: str) -> tuple[str, ...]:
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", orphaned, "--") if setpriv else ()
