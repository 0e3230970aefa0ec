"""Changes of subscriptions, each with the queues that belong to it.

Whoever changes a tenant's subscriptions keeps other replicas from it (`Subscriptions.changing`). The queues are there
before the subscription is, and gone before it is: whatever dies in between, the command comes again and ends it.
"""

from collections.abc import Awaitable, Callable

from aio_pika.exceptions import ChannelPreconditionFailed

from contracts import codes
from contracts.subscriptions import SubscriptionModify, SubscriptionPut, SubscriptionView
from contracts.topology import Queue, dead_queue
from shared.bus import Bus
from shared.errors import RequestError
from shared.log import logger
from shared.web_rules import WebRules

from .filters import check_filter, check_tenant
from .queues import outdated, own_queue, planned, queue_of_dead
from .republishing.routes import Route
from .store import Subscriptions
from .versions import check_built_in, check_endpoint, merged, with_secret

MOST = 1000
"""Subscriptions of a tenant."""

Gone = Callable[[str], Awaitable[None]]
"""Lets go of what else belongs to a queue that is gone, and its subscription with it."""


class Changes:
    """Puts, modifies and deletes subscriptions."""

    def __init__(self, subscriptions: Subscriptions, bus: Bus, web: WebRules) -> None:
        self._subscriptions = subscriptions
        self._bus = bus
        self._web = web
        self._gone: list[Gone] = []

    def on_gone(self, gone: Gone) -> None:
        """Call this, too, whenever a subscription is deleted; it may be called again for the same."""
        self._gone.append(gone)

    async def put(self, tenant: str, asked: SubscriptionPut) -> SubscriptionView:
        """Create or replace a subscription, as a tenant may. Raises RequestError."""
        check_tenant(asked.tags, tenant)
        return await self.declare(tenant, asked, by_operator=False)

    async def declare(self, tenant: str, asked: SubscriptionPut, *, by_operator: bool) -> SubscriptionView:
        """Create or replace one, as an operator may; nothing is written when it is there as asked."""
        check_filter(asked)
        check_endpoint(asked, self._web)
        async with self._subscriptions.changing(tenant):
            before = await self._subscriptions.find(tenant, asked.name)
            return await self._changed(tenant, before, asked, by_operator=by_operator)

    async def modify(self, tenant: str, change: SubscriptionModify) -> SubscriptionView:
        """Change what is given of a subscription. Raises RequestError."""
        if "tags" in change.model_fields_set and change.tags is not None:
            check_tenant(change.tags, tenant)
        async with self._subscriptions.changing(tenant):
            before = await self._subscriptions.named(tenant, change.name, codes.SUBSCRIPTION_NOT_FOUND)
            asked = merged(before, change)
            check_filter(asked)
            check_endpoint(asked, self._web)
            return await self._changed(tenant, before, asked, by_operator=False)

    async def delete(self, tenant: str, name: str) -> None:
        """Remove a subscription with its queues. Raises RequestError when there is none."""
        async with self._subscriptions.changing(tenant):
            subscription = await self._subscriptions.named(tenant, name, codes.SUBSCRIPTION_NOT_FOUND)
            for queue in (subscription.queue, dead_queue(subscription.queue)):
                await self._bus.delete_queue(queue)
            for gone in self._gone:
                await gone(subscription.queue)
            await self._subscriptions.delete(tenant, name)
            await self._subscriptions.changed()

    async def mend(self, route: Route) -> bool:
        """Make a subscription's queues again; False when there is no such subscription any more."""
        async with self._subscriptions.changing(route.owner):
            subscription = await self._subscriptions.find(route.owner, route.subscription.name)
            if subscription is None or subscription.queue != route.queue:
                logger().info("events for a subscription that is gone are dropped", queue=route.queue)
                return False
            await self._settle(subscription, new=False)
        logger().warning("the queue of a subscription was gone and is made again, empty", queue=route.queue)
        return True

    async def mend_all(self) -> None:
        """Make every queue again that is gone."""
        tenants = {tenant for tenant, _ in await self._subscriptions.all()}
        for tenant in sorted(tenants):
            async with self._subscriptions.changing(tenant):
                for subscription in await self._subscriptions.of(tenant):
                    await self._settle(subscription, new=False)

    async def _changed(
        self, tenant: str, before: SubscriptionView | None, asked: SubscriptionPut, *, by_operator: bool
    ) -> SubscriptionView:
        if before is None and await self._subscriptions.count(tenant) >= MOST:
            text = f"tenant {tenant!r} has {MOST} subscriptions, the most there may be: delete one first"
            raise RequestError(text, codes.TOO_MANY_SUBSCRIPTIONS)
        if before is not None:
            check_built_in(before, asked)
            asked = with_secret(asked, before)
        await self._settle(planned(tenant, asked), new=before is None)
        known = by_operator and (tenant, asked.name) in await self._subscriptions.declared()
        if known and before is not None and _same(before, asked):
            return before
        stored = await self._subscriptions.put(tenant, asked, declared=by_operator)
        await self._subscriptions.changed()
        return stored

    async def _settle(self, subscription: SubscriptionView, *, new: bool) -> None:
        """Have the subscription's queues as they should be."""
        await self._there(own_queue(subscription), new=new)
        if dead := queue_of_dead(subscription):
            await self._there(dead, new=new)
        await self._bus.unbind(dead_queue(subscription.queue), outdated(subscription))

    async def _there(self, queue: Queue, *, new: bool) -> None:
        """Make a queue, or find it there. One that was built otherwise is kept, unless it is nobody's yet."""
        try:
            await self._bus.declare(queue)
        except ChannelPreconditionFailed as error:
            if not new:
                logger().info("a queue stays as it was made by an earlier release", queue=queue.name, error=str(error))
                return
            await self._bus.delete_queue(queue.name)
            await self._bus.declare(queue)


def _same(before: SubscriptionView, asked: SubscriptionPut) -> bool:
    return all(getattr(before, name) == getattr(asked, name) for name in SubscriptionPut.model_fields)
