"""`vodflow up` and `vodflow demo` as processes that tests can kill."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.layout import CODE
from deploy.local.leftovers import end_marked, mark_of

NO_SERVICES = tuple(
    word
    for name in ("intakes", "planners", "transcoders", "snapshotters", "mergers", "notifiers")
    for word in (f"--{name}", "0")
)


@asynccontextmanager
async def supervisor(data: Path, *arguments: str, prefix: Sequence[str] = ()) -> AsyncIterator[Process]:
    """The command line, with its standard output in a pipe; whatever it leaves is ended."""
    program = prefix or (sys.executable,)
    process = await asyncio.create_subprocess_exec(
        *(*program, "-m", "deploy.local.cli", *arguments, "--data", str(data)),
        stdin=DEVNULL,
        stdout=PIPE,
        cwd=CODE,
        env={name: value for name, value in os.environ.items() if not name.startswith("VODFLOW_")},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
        await end_marked(mark_of(data))
