"""Running programs: output, errors, cancellation, hanging."""

import asyncio
import os
import sys

import pytest

from contracts.codes import TIMED_OUT
from shared.errors import TransientError
from shared.process import run


async def test_output_and_errors() -> None:
    pieces: list[bytes] = []
    ended = await run(["sh", "-c", "echo out; seq 5000 >&2; exit 3"], pieces.append)
    assert b"".join(pieces) == b"out\n"
    assert ended.code == 3
    assert ended.errors[-1] == "5000" and len(ended.errors) == 40


async def test_killed_by_signal() -> None:
    assert (await run(["sh", "-c", "kill -9 $$"], _ignored)).code == -9


async def test_missing_program() -> None:
    with pytest.raises(TransientError):
        ended = await run(["/nonexistent/program"], _ignored)
        raise TransientError(f"setpriv ended with {ended.code}") if ended.code else AssertionError


async def test_cancelling_ends_the_whole_group() -> None:
    said = asyncio.Event()
    pids: list[int] = []

    def heard(piece: bytes) -> None:
        pids.extend(int(pid) for pid in piece.split())
        said.set()

    task = asyncio.create_task(run(["sh", "-c", "sleep 600 & echo $! $$; wait"], heard))
    await said.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for pid in pids:
        assert not _runs(pid)


async def test_hanging_is_noticed() -> None:
    with pytest.raises(TransientError) as caught:
        await run([sys.executable, "-c", "import time; time.sleep(600)"], _ignored, stall_s=0.5)
    assert caught.value.code == TIMED_OUT


def _ignored(piece: bytes) -> None:
    pass


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except OSError:
        return os.path.exists(f"/proc/{pid}")
