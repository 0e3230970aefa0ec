"""What the notifier does with an event or a command."""

from contracts import codes
from contracts.model import Model
from contracts.subscriptions import (
    SubscriptionDelete,
    SubscriptionDeleted,
    SubscriptionListed,
    SubscriptionPut,
    SubscriptionStored,
)
from shared.bus import Bus, Received

from .deliveries import Deliveries
from .queues import kept_s, own_queue, queue_of_dead
from .rules import wants
from .store import Subscriptions


class Notifier:
    """Use cases: subscribe, unsubscribe, list, and say every event again to those who want it."""

    def __init__(self, subscriptions: Subscriptions, deliveries: Deliveries, bus: Bus) -> None:
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._bus = bus

    async def put(self, received: Received) -> None:
        """Make or change a subscription; when the answer comes, its queue is there."""
        asked: SubscriptionPut = received.data
        tenant = received.event.tenant
        stored = await self._subscriptions.put(tenant, asked)
        await self._bus.declare(own_queue(stored))
        if dead := queue_of_dead(stored):
            await self._bus.declare(dead)
        await self._subscriptions.changed()
        await self._answer(received, "subscription.stored.v1", SubscriptionStored(subscription=stored))

    async def delete(self, received: Received) -> None:
        """Remove a subscription with its queue."""
        command: SubscriptionDelete = received.data
        tenant = received.event.tenant
        subscription = await self._subscriptions.named(tenant, command.name, codes.SUBSCRIPTION_NOT_FOUND)
        await self._subscriptions.delete(tenant, command.name)
        await self._subscriptions.changed()
        for queue in filter(None, (subscription.queue, subscription.dead_queue)):
            await self._bus.delete_queue(queue)
        await self._deliveries.forget(subscription.queue)
        await self._answer(received, "subscription.deleted.v1", SubscriptionDeleted(name=command.name))

    async def list_subscriptions(self, received: Received) -> None:
        """Answer with the tenant's subscriptions."""
        found = await self._subscriptions.of(received.event.tenant)
        await self._answer(
            received, "subscription.listed.v1", SubscriptionListed(subscriptions=found, total_count=len(found))
        )

    async def republish(self, received: Received) -> None:
        """Put an event into every queue that wants it, before the next event: order within a flow is kept."""
        event = received.event
        for subscription in await self._subscriptions.of(event.tenant):
            if wants(subscription, event):
                await self._bus.send(event, subscription.queue, expires_s=kept_s(subscription))

    async def _answer(self, received: Received, key: str, data: Model) -> None:
        await self._bus.answer(received, self._bus.event(key, data, tenant=received.event.tenant))
