"""All subscriptions, compiled: which of them get an event, without looking at the others. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView

from ..queues import kept_s
from ..rules import ANYONE, hears, lets_through, tagged, takes


@dataclass(frozen=True, eq=False)
class Route:
    """A subscription, its tenant, and what of it is needed to put an event into its queue."""

    owner: str
    subscription: SubscriptionView
    queue: str
    kept_s: int

    @classmethod
    def to(cls, owner: str, subscription: SubscriptionView) -> "Route":
        """The route to a subscription's queue."""
        return cls(owner, subscription, subscription.queue, kept_s(subscription))


class Routes:
    """The subscriptions as they were at one moment.

    Which of them take events of a tenant and a key is found out once for each pair; only what depends on the single
    event, its tags and its flow's notify mode, is looked at each time.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._all = tuple(routes)
        self._tenants = {tenant for route in self._all for tenant in _heard(route)}
        self._candidates: dict[tuple[str, str], tuple[Route, ...]] = {}

    def of(self, event: CloudEvent) -> list[Route]:
        """Where an event goes."""
        return [
            route
            for route in self._of(event.tenant if event.tenant in self._tenants else "", event.key)
            if tagged(route.subscription.tags, event) and lets_through(route.subscription.mode, event)
        ]

    def _of(self, tenant: str, key: str) -> tuple[Route, ...]:
        """Those that hear of the tenant ("": of any that none names) and take the key."""
        found = self._candidates.get((tenant, key))
        if found is None:
            found = tuple(
                route
                for route in self._all
                if hears(route.owner, route.subscription, tenant) and takes(route.subscription, key)
            )
            self._candidates[tenant, key] = found
        return found


def _heard(route: Route) -> Iterable[str]:
    named = route.subscription.tags.tenant or [route.owner]
    return (tenant for tenant in named if tenant != ANYONE)
