import asyncio
import os
import signal

import pytest

from deploy.local.running import run
from deploy.local.together import together


def test_the_exit_code_is_the_program_s() -> None:
    async def program() -> int:
        return 7

    assert run(program) == 7


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_unwinds_the_program(number: signal.Signals, code: int) -> None:
    ended = []

    async def program() -> int:
        try:
            os.kill(os.getpid(), number)
            await asyncio.Event().wait()
        finally:
            ended.append(True)
        return 0

    assert run(program) == code
    assert ended == [True]


def test_a_program_may_take_a_signal_as_its_regular_end() -> None:
    async def program() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return 0
        return 1

    assert run(program) == 0


async def test_the_first_failure_cancels_the_others_and_comes_as_itself() -> None:
    cancelled = []

    async def fails() -> None:
        raise LookupError("no")

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    with pytest.raises(LookupError, match="no"):
        await together(waits(), fails())
    assert cancelled == [True]
