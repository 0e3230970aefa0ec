"""HTTP callbacks: a consumer for every subscription with an HTTP endpoint, as subscriptions come, change and go."""

import asyncio
import zlib
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from functools import partial

from aiohttp.abc import AbstractResolver

from contracts.connection import Link
from contracts.subscriptions import SubscriptionView
from shared.log import logger
from shared.rabbit import watched
from shared.settings import Settings
from shared.store import StoreError

from ..store import Subscriptions
from .consumer import Consumer
from .posting import Poster, poster
from .schedule import Schedule

LOOK_S = 0.5
"""How often to look whether subscriptions have changed."""
LINKS = 4
"""Connections to RabbitMQ, which allows 2,047 channels on each: a consumer takes one."""

Owned = tuple[str, SubscriptionView]
"""A tenant's subscription."""


class Callbacks:
    """Every replica has a consumer for each subscription; the broker lets one of them have the events."""

    def __init__(
        self,
        settings: Settings,
        subscriptions: Subscriptions,
        *,
        schedule: Schedule | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._subscriptions = subscriptions
        self._schedule = schedule or Schedule()
        self._resolver = resolver
        self._links = [Link(watched(settings.amqp_url), name=f"vodflow/notifier/callbacks/{n}") for n in range(LINKS)]
        self._running: dict[Consumer, asyncio.Task[None]] = {}
        self._consumers: dict[str, Consumer] = {}
        self._stopping = asyncio.Event()

    @property
    def attached(self) -> int:
        """How many consumers are at their queues, active or standing by."""
        return sum(consumer.attached for consumer in self._consumers.values())

    async def serve(self) -> None:
        """Keep consumers to the subscriptions until stopped or cancelled; without MongoDB, to those last known."""
        async with AsyncExitStack() as stack:
            for link in self._links:
                stack.push_async_exit(link)
            posts = await stack.enter_async_context(poster(self._settings.callback_rules, resolver=self._resolver))
            async with asyncio.TaskGroup() as group:
                await self._keep(group, posts)

    async def stop(self) -> None:
        """Begin no new try; let running ones end within the grace. What is not done by then comes again."""
        self._stopping.set()
        for consumer in self._running:
            await consumer.close()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=self._settings.grace_s)

    async def _keep(self, group: asyncio.TaskGroup, posts: Poster) -> None:
        seen: int | None = None
        while not self._stopping.is_set():
            try:
                revision = await self._subscriptions.revision()
                if revision != seen:
                    wanted = await self._wanted()
                    await self._settle(wanted, group, posts)
                    seen = revision
            except Exception as error:
                logger().warning("can't read the subscriptions; trying again", error=f"{type(error).__name__}: {error}")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._stopping.wait()

    async def _wanted(self) -> dict[str, Owned]:
        every = await self._subscriptions.all()
        return {one.queue: (tenant, one) for tenant, one in every if one.endpoint.kind == "http"}

    async def _settle(self, wanted: Mapping[str, Owned], group: asyncio.TaskGroup, posts: Poster) -> None:
        for queue, consumer in list(self._consumers.items()):
            if queue not in wanted or not _same(wanted[queue][1], consumer.receiver.subscription):
                await consumer.close()
                del self._consumers[queue]
        for queue, (tenant, subscription) in wanted.items():
            if queue in self._consumers:
                self._consumers[queue].receiver.become(subscription)
            elif not self._stopping.is_set():
                self._start(tenant, subscription, group, posts)

    async def _stands(self, tenant: str, subscription: SubscriptionView) -> bool:
        """Whether a consumer of this subscription is still the right one; when nobody can tell, it is."""
        try:
            found = await self._subscriptions.find(tenant, subscription.name)
        except StoreError:
            return True
        return found is not None and _same(found, subscription)

    def _start(self, tenant: str, subscription: SubscriptionView, group: asyncio.TaskGroup, posts: Poster) -> None:
        link = self._links[zlib.crc32(subscription.queue.encode()) % LINKS]
        consumer = Consumer(subscription, link, posts, self._schedule, partial(self._stands, tenant, subscription))
        self._consumers[subscription.queue] = consumer
        self._running[consumer] = task = group.create_task(consumer.run())
        task.add_done_callback(lambda _: self._running.pop(consumer, None))


def _same(one: SubscriptionView, other: SubscriptionView) -> bool:
    """Whether one consumer may go on with the other. What was made anew has another queue under the same name."""
    ends = one.endpoint, other.endpoint
    strategies = {end.strategy if end.kind == "http" else "" for end in ends}
    return one.created_at == other.created_at and len(strategies) == 1
