"""Says every public event again to those who want it.

One replica at a time gets the events, all of them, in the order in which they were published (a single active
consumer); others stand by. Several hundred are in hand at a time: those of one flow go one after the other, each when
the queues have confirmed the one before; flows go beside each other. What is not done when the channel is lost comes
again, in order, to whoever is next. So does what is in hand at a stop, which therefore closes the channel: cancelling
the consumer alone would let the next one begin with what comes after.
"""

import asyncio
from dataclasses import dataclass

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from contracts import topology
from contracts.catalog import CATALOG
from contracts.connection import LOST, Link, Pauses, close
from contracts.envelope import CloudEvent
from contracts.errors import Unreachable
from contracts.feed import Feed, feed
from shared.delivery import HANDLED, Unreadable, processing, read_event
from shared.log import logger
from shared.parts import Parts
from shared.rabbit import watched
from shared.store import StoreError, unavailable

from ..order import InOrder
from .outlet import Mend, Outlet, outlet
from .routes import Route, Routes
from .table_store import Table

IN_HAND = 250
GATHER_S = 0.004
"""Least time between two looks at the revision of the subscriptions: what comes in between shares one."""

_EVENTS = frozenset(key for key, message in CATALOG.items() if message.role == "event")


@dataclass(frozen=True)
class Job:
    """An event in hand, and where it goes."""

    message: AbstractIncomingMessage
    event: CloudEvent
    routes: list[Route]


class Relay:
    """Takes events from `vodflow.notifier.events` and puts them into the subscriptions' queues."""

    def __init__(self, parts: Parts, table: Table, mend: Mend) -> None:
        self._url = watched(parts.settings.amqp_url)
        self._name = f"{parts.bus.source}/events"
        self._tracer = parts.tracer
        self._table = table
        self._mend = mend
        self._pauses = Pauses()
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._feed: Feed | None = None
        self.attached = False
        """Whether it gets events right now, or stands by for them."""

    async def serve(self) -> None:
        """Until it is stopped, reconnecting."""
        self._ended.clear()
        try:
            while not self._stopping.is_set():
                try:
                    async with Link(self._url, name=self._name) as link:
                        await self._linked(link)
                except (*LOST, Unreachable) as error:
                    logger().warning("lost the events, trying again", error=f"{type(error).__name__}: {error}")
                except Exception as error:
                    logger().error("republishing failed, trying again", exc_info=error)
                if not self._stopping.is_set():
                    await self._pauses.sleep()
        finally:
            self._ended.set()

    async def stop(self, grace_s: float) -> None:
        """Begin with no further event; return when those under way are done, or after so long."""
        self._stopping.set()
        if self._feed is not None:
            await self._feed.end()
        try:
            async with asyncio.timeout(grace_s):
                await self._ended.wait()
        except TimeoutError:
            logger().warning("stopped before all events in hand were in their queues: they come again")

    async def _linked(self, link: Link) -> None:
        channel = await link.open_channel(prefetch=IN_HAND)
        try:
            async with outlet(link, self._mend) as out:
                await self._consume(channel, out)
        finally:
            self.attached = False
            await close(channel)

    async def _consume(self, channel: AbstractChannel, out: Outlet) -> None:
        lost: Exception | None = None
        queue = await channel.get_queue(topology.NOTIFIER_EVENTS.name, ensure=False)
        async with feed(queue) as messages, asyncio.TaskGroup() as group:
            self._feed = messages
            self.attached = True
            flows = InOrder[Job](group, lambda job: self._carry(job, out, messages))
            try:
                await self._take(messages, flows)
            except LOST as error:
                lost = error
            if self._stopping.is_set():
                flows.end()
            else:
                flows.drop()
        if lost is not None and not self._stopping.is_set():
            raise lost

    async def _take(self, messages: Feed, flows: InOrder[Job]) -> None:
        loop = asyncio.get_running_loop()
        looked_at = 0.0
        while not self._stopping.is_set():
            batch = [await messages.next()]
            self._pauses.reset()
            await asyncio.sleep(max(0.0, looked_at + GATHER_S - loop.time()))
            while message := messages.waiting():
                batch.append(message)
            looked_at = loop.time()
            routes = await self._current()
            for message in batch:
                await self._begin(message, routes, flows)

    async def _current(self) -> Routes:
        """The table as it is now; waited for while the store is away."""
        pauses = Pauses()
        while True:
            try:
                return await self._table.current()
            except StoreError as error:
                if not unavailable(error):
                    raise
                logger().warning("store unavailable, holding the events", error=str(error))
            if self._stopping.is_set():
                raise ConnectionError("stopping")
            await pauses.sleep()

    async def _begin(self, message: AbstractIncomingMessage, routes: Routes, flows: InOrder[Job]) -> None:
        try:
            event = read_event(message.body, _EVENTS)
        except Unreadable as unreadable:
            logger().warning("event refused", code=unreadable.error.code, error=unreadable.error.message)
            HANDLED.labels(unreadable.event.key if unreadable.event.key in CATALOG else "unknown", "refused").inc()
            await message.reject(requeue=False)
            return
        flows.add(event.flowid or f"/{event.id}", Job(message, event, routes.of(event)))

    async def _carry(self, job: Job, out: Outlet, messages: Feed) -> bool:
        """Put an event into its queues, however long it takes. False when the connection is gone: it comes again."""
        event = job.event
        pause_s = 0.1
        with processing(event, self._tracer):
            while True:
                try:
                    if job.routes:
                        await out.put(job.message.body, event.id, job.routes)
                    await job.message.ack()
                except LOST as error:
                    logger().info("an event comes again", id=event.id, error=f"{type(error).__name__}: {error}")
                    await messages.end()
                    return False
                except Exception as error:
                    logger().error("can't republish an event, holding its flow", id=event.id, exc_info=error)
                    HANDLED.labels(event.key, "failed").inc()
                    await asyncio.sleep(pause_s)
                    pause_s = min(pause_s * 2, 30.0)
                else:
                    HANDLED.labels(event.key, "handled").inc()
                    return True
