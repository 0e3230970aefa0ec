"""Those who wait for a message: woken by what the broker brings, or when a lease on their queue has ended.

One query for all of a replica's waits together, every now and then, and none when nobody waits.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from aio_pika.abc import AbstractIncomingMessage

from shared.log import logger
from shared.store import StoreError

from .deliveries import Deliveries
from .waits_store import TOLD_EVERY_S, WaitsStore

LOOK_S = 0.25
LOOK_AFTER_TROUBLE_S = 2.0


class Waiting:
    """One who waits on a queue, for the next message at the broker or for a lease that ends."""

    def __init__(self) -> None:
        self.lost = False
        self._messages: list[AbstractIncomingMessage] = []
        self._stirred = asyncio.Event()

    @property
    def brought(self) -> bool:
        """Whether the broker has delivered something that was not taken yet."""
        return bool(self._messages)

    async def stirred(self, within_s: float) -> None:
        """Until something has happened, or so long. Raises ConnectionError when the channel or the queue is gone."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._stirred.wait()
        self._stirred.clear()
        if self.lost:
            raise ConnectionError("the broker ended the consumer or its channel")

    async def bring(self, message: AbstractIncomingMessage) -> None:
        """The broker delivered a message."""
        self._messages.append(message)
        self._stirred.set()

    async def lose(self, *_: object) -> None:
        """No more can come."""
        self.lost = True
        self._stirred.set()

    def wake(self) -> None:
        """There is something to be had, or it is time to go."""
        self._stirred.set()

    def taken(self) -> list[AbstractIncomingMessage]:
        """What was delivered since the last time."""
        messages, self._messages = self._messages, []
        return messages


class Waits:
    """All who wait in this process, those who came first first."""

    def __init__(self, deliveries: Deliveries, told: WaitsStore) -> None:
        self.ended = False
        self._deliveries = deliveries
        self._told = told
        self._waiting: dict[str, list[Waiting]] = {}
        self._some = asyncio.Event()
        self._last_told: tuple[float, dict[str, int]] = (0.0, {})

    @contextmanager
    def on(self, queue: str) -> Iterator[Waiting]:
        """Wait on a queue for as long as the context lasts."""
        waiting = Waiting()
        self._waiting.setdefault(queue, []).append(waiting)
        self._some.set()
        try:
            yield waiting
        finally:
            self._waiting[queue].remove(waiting)
            if not self._waiting[queue]:
                del self._waiting[queue]

    async def count(self, queue: str) -> int:
        """How many wait on a queue, in every replica."""
        return len(self._waiting.get(queue, [])) + await self._told.elsewhere(queue)

    def end(self) -> None:
        """Nobody waits any longer: who does is answered at once."""
        self.ended = True
        for waiting in self._waiting.values():
            for one in waiting:
                one.wake()

    async def run(self) -> None:
        """Wake as many on each queue as there are messages to be had, for ever."""
        while True:
            await self._some.wait()
            if not self._waiting:
                self._some.clear()
            pause_s = LOOK_S
            try:
                await self._look()
                await self._tell()
            except StoreError as error:
                logger().warning("can't look for ended leases", error=str(error))
                self._some.set()
                pause_s = LOOK_AFTER_TROUBLE_S
            await asyncio.sleep(pause_s)

    async def _look(self) -> None:
        if not self._waiting:
            return
        for queue, count in Counter(await self._deliveries.ripe(list(self._waiting))).items():
            for waiting in self._waiting.get(queue, [])[:count]:
                waiting.wake()

    async def _tell(self) -> None:
        counts = {queue: len(waiting) for queue, waiting in self._waiting.items()}
        at_s, before = self._last_told
        if counts != before or (counts and time.monotonic() - at_s > TOLD_EVERY_S):
            await self._told.tell(counts)
            self._last_told = time.monotonic(), counts
