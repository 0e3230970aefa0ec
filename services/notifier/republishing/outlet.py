"""Puts an event into the queues of several subscriptions at once, and knows when each has it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from weakref import WeakSet

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import DeliveryError, PublishError

from contracts.connection import Link, close
from contracts.envelope import CONTENT_TYPE
from shared.log import logger

from .routes import Route

WIDE = 8
"""Subscriptions that get one event at the same time."""
CONFIRM_S = 30.0
PAUSE_S = 0.1
PAUSE_MOST_S = 10.0

Mend = Callable[[Route], Awaitable[bool]]
"""Makes a subscription's queue again that is gone; False when the subscription is gone, too."""


class Outlet:
    """Channels with confirms, each with one copy of an event on its way at a time.

    aiormq finds out by its message id which message came back as unroutable: of two copies with one id on the same
    channel it would mistake one for the other.
    """

    def __init__(self, channels: Sequence[AbstractChannel], mend: Mend) -> None:
        self._channels = channels
        self._mend = mend
        self._nobodys: WeakSet[Route] = WeakSet()

    async def put(self, body: bytes, event_id: str, routes: Sequence[Route]) -> None:
        """Return when every queue has it, or is nobody's any more. Raises one of `LOST` when the connection is gone."""
        if len(routes) == 1:
            await self._one(self._channels[0], body, event_id, routes[0])
            return
        try:
            async with asyncio.TaskGroup() as group:
                for number, channel in enumerate(self._channels[: len(routes)]):
                    group.create_task(self._some(channel, body, event_id, routes[number :: len(self._channels)]))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed

    async def _some(self, channel: AbstractChannel, body: bytes, event_id: str, routes: Sequence[Route]) -> None:
        for route in routes:
            await self._one(channel, body, event_id, route)

    async def _one(self, channel: AbstractChannel, body: bytes, event_id: str, route: Route) -> None:
        """Until the queue has it: what the broker refuses, or is silent about, is tried again, longer each time."""
        pause_s = PAUSE_S
        while True:
            try:
                async with asyncio.timeout(CONFIRM_S):
                    await channel.default_exchange.publish(_message(body, event_id, route), route.queue, mandatory=True)
                return
            except PublishError:
                if await self._gone(route):
                    return
            except DeliveryError as error:
                logger().warning("a queue refuses an event, trying again", queue=route.queue, error=str(error))
            except TimeoutError:
                logger().warning("no confirmation, trying again", queue=route.queue, waited_s=CONFIRM_S)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, PAUSE_MOST_S)

    async def _gone(self, route: Route) -> bool:
        """Whether a queue that is not there is nobody's; if it is somebody's, it is made again."""
        if route in self._nobodys:
            return True
        try:
            if await self._mend(route):
                return False
            self._nobodys.add(route)
            return True
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            logger().warning("can't make a subscription's queue again yet", queue=route.queue, error=text)
            return False


def _message(body: bytes, event_id: str, route: Route) -> Message:
    return Message(
        body,
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=event_id,
        timestamp=datetime.now(UTC),
        expiration=route.kept_s,
    )


@asynccontextmanager
async def outlet(link: Link, mend: Mend) -> AsyncIterator[Outlet]:
    """An outlet on channels of its own."""
    async with AsyncExitStack() as stack:
        channels: list[AbstractChannel] = []
        for _ in range(WIDE):
            channels.append(await link.open_channel(on_return_raises=True))
            stack.push_async_callback(close, channels[-1])
        yield Outlet(channels, mend)
