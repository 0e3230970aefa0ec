"""Events of one flow go strictly one after the other, in the order in which they came; flows go beside each other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class InOrder(Generic[T]):
    """Has items carried out in tasks of `group`, one task for each line that is not empty.

    `carry` does one item and returns when it is done for good; False ends all of it: nothing is begun any more.
    """

    def __init__(self, group: asyncio.TaskGroup, carry: Callable[[T], Awaitable[bool]]) -> None:
        self._group = group
        self._carry = carry
        self._lines: dict[str, deque[tuple[T, float]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = False

    def add(self, line: str, item: T) -> None:
        """Put an item at the end of its line."""
        entry = (item, asyncio.get_running_loop().time())
        if waiting := self._lines.get(line):
            waiting.append(entry)
            return
        self._lines[line] = deque([entry])
        task = self._group.create_task(self._run(line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def oldest_s(self) -> float:
        """For how long the oldest item that is not done has been here; 0 when there is none."""
        now = asyncio.get_running_loop().time()
        return max((now - waiting[0][1] for waiting in self._lines.values()), default=0.0)

    def end(self) -> None:
        """Begin nothing any more; what has begun goes on."""
        self._ended = True

    def drop(self) -> None:
        """Begin nothing any more, and leave what has begun where it is."""
        self.end()
        for task in self._tasks:
            task.cancel()

    async def _run(self, line: str) -> None:
        waiting = self._lines[line]
        while waiting and not self._ended:
            if not await self._carry(waiting[0][0]):
                self.end()
                return
            waiting.popleft()
        del self._lines[line]
