"""Running a coroutine as a program: signals end it in order, and the exit code says which."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(program: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run it; returns its exit code, or 128 + the number of the signal that cancelled it (130 for SIGINT).

    Each signal cancels: the first begins an orderly end, another one hurries the step that it meets.
    """
    return asyncio.run(_under_signals(program))


async def _under_signals(program: Callable[[], Coroutine[Any, Any, int]]) -> int:
    loop = asyncio.get_running_loop()
    received: list[int] = []
    task = asyncio.ensure_future(program())

    def cancel(number: int) -> None:
        received.append(number)
        task.cancel()

    for number in _SIGNALS:
        loop.add_signal_handler(number, cancel, number)
    try:
        return await task
    except asyncio.CancelledError:
        return 128 + received[0] if received else 1
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
