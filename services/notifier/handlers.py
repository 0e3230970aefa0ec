"""What the notifier does with a command about subscriptions."""

from contracts import codes
from contracts.model import Model
from contracts.subscriptions import (
    SubscriptionDelete,
    SubscriptionDeleted,
    SubscriptionDescribe,
    SubscriptionDescribed,
    SubscriptionList,
    SubscriptionListed,
    SubscriptionModify,
    SubscriptionPut,
    SubscriptionStored,
)
from shared.bus import Bus, Received

from .changes import Changes
from .store import Subscriptions
from .versions import without_secret


class Notifier:
    """Use cases: put, modify, delete, describe, list."""

    def __init__(self, subscriptions: Subscriptions, changes: Changes, bus: Bus) -> None:
        self._subscriptions = subscriptions
        self._changes = changes
        self._bus = bus

    async def put(self, received: Received) -> None:
        """Make or change a subscription; when the answer comes, its queue is there."""
        asked: SubscriptionPut = received.data
        stored = await self._changes.put(received.event.tenant, asked)
        await self._answer(received, "subscription.stored.v1", SubscriptionStored(subscription=without_secret(stored)))

    async def modify(self, received: Received) -> None:
        """Change what is given of a subscription."""
        change: SubscriptionModify = received.data
        stored = await self._changes.modify(received.event.tenant, change)
        await self._answer(received, "subscription.stored.v1", SubscriptionStored(subscription=without_secret(stored)))

    async def delete(self, received: Received) -> None:
        """Remove a subscription with its queues."""
        command: SubscriptionDelete = received.data
        await self._changes.delete(received.event.tenant, command.name)
        await self._answer(received, "subscription.deleted.v1", SubscriptionDeleted(name=command.name))

    async def describe(self, received: Received) -> None:
        """Answer with one subscription."""
        query: SubscriptionDescribe = received.data
        found = await self._subscriptions.named(received.event.tenant, query.name, codes.SUBSCRIPTION_NOT_FOUND)
        await self._answer(
            received, "subscription.described.v1", SubscriptionDescribed(subscription=without_secret(found))
        )

    async def list_subscriptions(self, received: Received) -> None:
        """Answer with some of the tenant's subscriptions."""
        query: SubscriptionList = received.data
        total, page = await self._subscriptions.page(received.event.tenant, query.prefix, query.offset, query.limit)
        told = SubscriptionListed(subscriptions=[without_secret(one) for one in page], total_count=total)
        await self._answer(received, "subscription.listed.v1", told)

    async def _answer(self, received: Received, key: str, data: Model) -> None:
        await self._bus.answer(received, self._bus.event(key, data, tenant=received.event.tenant))
