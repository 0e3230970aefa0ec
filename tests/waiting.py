"""Waiting = polling with a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 60.0
"""Long enough for the slowest machine; a test that waits this long has failed."""


async def until(check: Callable[[], Awaitable[T | None]], what: str, patience_s: float = PATIENCE_S) -> T:
    """The first thing that `check` gives that is neither None nor False. AssertionError when it never does."""
    give_up = time.monotonic() + patience_s
    while True:
        found = await check()
        if found is not None and found is not False:
            return found
        assert time.monotonic() < give_up, f"waited {patience_s} s for {what}"
        await asyncio.sleep(0.05)
