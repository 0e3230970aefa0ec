"""The RabbitMQ queues of a subscription: its own, and that of its dead letters. Pure."""

from contracts.subscriptions import SubscriptionPut, SubscriptionView
from contracts.topology import DELAYED, SUBSCRIBERS_DEAD, Queue, callback_queue, dead_queue, subscriber_queue

NO_LIMIT = 1_000_000
"""Deliveries of a message without a policy: RabbitMQ 4 drops after 20 where a queue says nothing."""
DEAD_KEPT_MS = 15 * 86_400_000


def name_of(tenant: str, asked: SubscriptionPut) -> str:
    """The name of the subscription's queue."""
    made = callback_queue if asked.endpoint.kind == "http" else subscriber_queue
    return made(tenant, asked.name)


def dead_name_of(tenant: str, asked: SubscriptionPut) -> str:
    """The name of the queue of its dead letters; "" when it has none. What is posted always has one."""
    has = asked.dead_letters is not None or asked.endpoint.kind == "http"
    return dead_queue(name_of(tenant, asked)) if has else ""


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
    given_up: list[dict[str, object]] = [
        {"x-match": "all-with-x", "x-first-death-queue": subscription.queue, "x-first-death-reason": reason}
        for reason in reasons
    ]
    return Queue(
        name=subscription.dead_queue,
        bindings=(),
        dead_letters=False,
        delivery_limit=NO_LIMIT,
        headers=tuple((SUBSCRIBERS_DEAD, arguments) for arguments in given_up),
        arguments={"x-message-ttl": DEAD_KEPT_MS},
    )


def kept_s(subscription: SubscriptionView) -> int:
    """How long an event may wait in the queue: its retention, or less by its policy."""
    policy = subscription.dead_letters
    return policy.max_age_s if policy and policy.max_age_s else subscription.retention_s
