"""The RabbitMQ queues of a subscription: its own, and that of its dead letters. Pure."""

from datetime import UTC, datetime

from contracts.subscriptions import SubscriptionPut, SubscriptionView
from contracts.topology import (
    DELAYED,
    SUBSCRIBERS_DEAD,
    HeaderBindings,
    Queue,
    callback_queue,
    dead_queue,
    subscriber_queue,
)

NO_LIMIT = 1_000_000
"""Deliveries of a message without a policy: RabbitMQ 4 drops after 20 where a queue says nothing."""
DEAD_KEPT_MS = 15 * 86_400_000
REASONS = ("rejected", "delivery_limit", "expired")
"""Why RabbitMQ gives a message of a queue up."""


def name_of(tenant: str, asked: SubscriptionPut) -> str:
    """The name of the subscription's queue."""
    made = callback_queue if asked.endpoint.kind == "http" else subscriber_queue
    return made(tenant, asked.name)


def dead_name_of(tenant: str, asked: SubscriptionPut) -> str:
    """The name of the queue of its dead letters; "" when it has none. What is posted always has one."""
    has = asked.dead_letters is not None or asked.endpoint.kind == "http"
    return dead_queue(name_of(tenant, asked)) if has else ""


def planned(tenant: str, asked: SubscriptionPut) -> SubscriptionView:
    """A subscription as it will be, as far as its queues depend on it."""
    names = {"queue": name_of(tenant, asked), "dead_queue": dead_name_of(tenant, asked)}
    members = {name: getattr(asked, name) for name in SubscriptionPut.model_fields}
    return SubscriptionView(**members, **names, created_at=datetime.fromtimestamp(0, UTC))


def own_queue(subscription: SubscriptionView) -> Queue:
    """The subscription's queue. One that is posted from has a single active consumer, so that its order holds."""
    most = subscription.dead_letters.max_receive_count if subscription.dead_letters else None
    posted = subscription.endpoint.kind == "http"
    return Queue(
        name=subscription.queue,
        bindings=((DELAYED, subscription.queue),) if posted else (),
        dead_letters=False,
        delivery_limit=NO_LIMIT if most is None or posted else most - 1,
        single_active_consumer=posted,
        arguments={"x-dead-letter-exchange": SUBSCRIBERS_DEAD},
    )


def queue_of_dead(subscription: SubscriptionView) -> Queue | None:
    """Where what the subscription's queue gives up by its policy goes; what else it gives up is gone."""
    if not subscription.dead_queue:
        return None
    policy = subscription.dead_letters
    reasons = ["rejected"]
    if subscription.endpoint.kind == "http":
        reasons.append("expired")  # it was not posted in time: its receiver was away for all of its retention
    elif policy is not None:
        reasons.append("delivery_limit" if policy.max_age_s is None else "expired")
    return Queue(
        name=subscription.dead_queue,
        bindings=(),
        dead_letters=False,
        delivery_limit=NO_LIMIT,
        headers=tuple(_binding(subscription.queue, reason) for reason in reasons),
        arguments={"x-message-ttl": DEAD_KEPT_MS},
    )


def outdated(subscription: SubscriptionView) -> HeaderBindings:
    """What may have been bound to the queue of its dead letters by an earlier policy, and must not be any more."""
    dead = queue_of_dead(subscription)
    bound = dead.headers if dead else ()
    possible = (_binding(subscription.queue, reason) for reason in REASONS)
    return tuple(binding for binding in possible if binding not in bound)


def _binding(queue: str, reason: str) -> tuple[str, dict[str, object]]:
    return SUBSCRIBERS_DEAD, {"x-match": "all-with-x", "x-first-death-queue": queue, "x-first-death-reason": reason}


def kept_s(subscription: SubscriptionView) -> int:
    """How long an event may wait in the queue: its retention, or less by its policy."""
    policy = subscription.dead_letters
    return policy.max_age_s if policy and policy.max_age_s else subscription.retention_s
