"""A fixed number of slots that claim work and run it: a slot first, then a claim; wake-up, poll or stop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from .log import logger

T = TypeVar("T")


class Slots(Generic[T]):
    """Runs what `claim` gives, at most `count` at a time, until stopped."""

    def __init__(
        self,
        count: int,
        claim: Callable[[], Awaitable[T | None]],
        run: Callable[[T], Awaitable[None]],
        poll_s: float,
    ) -> None:
        self._claim = claim
        self._run = run
        self._poll_s = poll_s
        self._free = asyncio.Semaphore(count)
        self._count = count
        self._running: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._claiming = asyncio.Lock()

    @property
    def busy(self) -> int:
        """How many slots run something now."""
        return len(self._running)

    @property
    def full(self) -> bool:
        """Whether every slot is taken."""
        return self.busy >= self._count

    def wake(self) -> None:
        """There may be something to claim."""
        self._wake.set()

    async def serve(self) -> None:
        """Claim and run until `stop`."""
        while not self._stopping.is_set():
            await self._free.acquire()
            async with self._claiming:
                item = await self._next()
                if item is None:
                    self._free.release()
                    continue
                task = asyncio.create_task(self._occupy(item))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def _next(self) -> T | None:
        """Something to run, or None after a wait; None at once when stopping."""
        if self._stopping.is_set():
            return None
        self._wake.clear()
        try:
            item = await self._claim()
        except Exception as error:
            logger().warning("can't claim work; trying again", error=f"{type(error).__name__}: {error}")
            item = None
        if item is None:
            try:
                async with asyncio.timeout(self._poll_s):
                    await self._wake.wait()
            except TimeoutError:
                pass
        return item

    async def _occupy(self, item: T) -> None:
        try:
            await self._run(item)
        except Exception as error:
            logger().error("a slot's work failed unexpectedly", exc_info=error)
        finally:
            self._free.release()

    async def stop(self, grace_s: float) -> None:
        """Claim no more; let what runs end within the grace; then cancel it and wait until it has let go."""
        self._stopping.set()
        self._wake.set()
        async with self._claiming:
            pass  # what was just being claimed is ours, and must be let go of with the rest
        if self._running:
            await asyncio.wait(self._running, timeout=grace_s)
        for task in list(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
