"""The client's part for subscriptions."""

from collections.abc import Sequence

from .questions import TIMEOUT_S, Questions
from .subscriptions import (
    SubscriptionDelete,
    SubscriptionDeleted,
    SubscriptionDescribe,
    SubscriptionDescribed,
    SubscriptionList,
    SubscriptionListed,
    SubscriptionModify,
    SubscriptionPut,
    SubscriptionStored,
    SubscriptionView,
)


class SubscriptionQuestions(Questions):
    """Commands and queries about subscriptions."""

    async def put_subscription(
        self, subscription: SubscriptionPut, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> SubscriptionView:
        """Create or replace a subscription: from now on its queue keeps matching events."""
        key = "subscription.put.v1"
        return (await self._ask(key, subscription, SubscriptionStored, timeout_s, traceparent=traceparent)).subscription

    async def modify_subscription(
        self, change: SubscriptionModify, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> SubscriptionView:
        """Change what is given of a subscription, keep the rest."""
        key = "subscription.modify.v1"
        return (await self._ask(key, change, SubscriptionStored, timeout_s, traceparent=traceparent)).subscription

    async def delete_subscription(
        self, name: str, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> None:
        """Remove a subscription and its queues, with what they still hold."""
        command = SubscriptionDelete(name=name)
        await self._ask("subscription.delete.v1", command, SubscriptionDeleted, timeout_s, traceparent=traceparent)

    async def describe_subscription(self, name: str, *, timeout_s: float = TIMEOUT_S) -> SubscriptionView:
        """One subscription."""
        query = SubscriptionDescribe(name=name)
        return (await self._ask("subscription.describe.v1", query, SubscriptionDescribed, timeout_s)).subscription

    async def list_subscriptions(
        self, *, prefix: str = "", offset: int = 0, limit: int = 1000, timeout_s: float = TIMEOUT_S
    ) -> Sequence[SubscriptionView]:
        """The tenant's subscriptions by name: `limit` from `offset`, of those whose name begins with `prefix`."""
        query = SubscriptionList(prefix=prefix, offset=offset, limit=limit)
        return (await self._ask("subscription.list.v1", query, SubscriptionListed, timeout_s)).subscriptions
