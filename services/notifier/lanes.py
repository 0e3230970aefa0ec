"""Lanes: what is in the same one goes in order, one after the other; lanes go beside each other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from contracts.connection import LOST
from shared.log import logger

from .receiver import Closing

T = TypeVar("T")


class Lanes(Generic[T]):
    """Carries items out in tasks of `group`. `broken` is called when one fails: from then on none is taken any more."""

    def __init__(
        self, group: asyncio.TaskGroup, carry: Callable[[T], Awaitable[None]], broken: Callable[[], Awaitable[None]]
    ) -> None:
        self._group = group
        self._carry = carry
        self._broken = broken
        self._stopped = False
        self._waiting: dict[str, deque[tuple[T, float]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, lane: str, item: T) -> None:
        """Put an item at the end of its lane."""
        if self._stopped:
            return
        entry = (item, asyncio.get_running_loop().time())
        if lane in self._waiting:
            self._waiting[lane].append(entry)
            return
        self._waiting[lane] = deque([entry])
        task = self._group.create_task(self._run(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def oldest_s(self) -> float:
        """For how long the oldest item has been here; 0 when there is none."""
        now = asyncio.get_running_loop().time()
        return max((now - line[0][1] for line in self._waiting.values()), default=0.0)

    def drop(self) -> None:
        """Take no more, and leave what runs where it is."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()

    async def _run(self, lane: str) -> None:
        line = self._waiting[lane]
        try:
            while line and not self._stopped:
                await self._carry(line[0][0])
                line.popleft()
        except Closing:
            self._stopped = True
        except Exception as error:
            self._stopped = True
            known = isinstance(error, LOST)
            logger().warning("an event stays in its queue", error=repr(error), exc_info=None if known else error)
            await self._broken()
        finally:
            del self._waiting[lane]
