"""A message of a subscriber queue on its way to those who pull: what is kept of it, for how long. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView

from .handles import message_key

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A message that came in. `count`: how often it was received before, by those who consume natively.

    `aged_at`: when it is dead by the age that its subscription allows.
    """

    key: str
    queue: str
    dead_queue: str
    message_id: str
    body: bytes
    count: int
    enqueued_at: datetime
    expires_at: datetime
    aged_at: datetime


def arrival(
    subscription: SubscriptionView, body: bytes, headers: Mapping[str, Any], enqueued_at: datetime
) -> Arrival | None:
    """A message as it is kept; None when it is no event."""
    try:
        event = CloudEvent.model_validate_json(body)
    except ValidationError:
        return None
    replay = event.replay or ""
    count = headers.get("x-delivery-count")
    return Arrival(
        key=message_key(subscription.queue, event.id, replay),
        queue=subscription.queue,
        dead_queue=subscription.dead_queue,
        message_id=f"{event.id}/{replay}" if replay else event.id,
        body=body,
        count=count if isinstance(count, int) else 0,
        enqueued_at=enqueued_at,
        expires_at=enqueued_at + timedelta(seconds=subscription.retention_s),
        aged_at=_aged_at(subscription, enqueued_at),
    )


def most_receipts(subscription: SubscriptionView) -> int | None:
    """After how many receipts a message is dead; None: no number."""
    return subscription.dead_letters.max_receive_count if subscription.dead_letters else None


def _aged_at(subscription: SubscriptionView, enqueued_at: datetime) -> datetime:
    age_s = subscription.dead_letters.max_age_s if subscription.dead_letters else None
    return NEVER if age_s is None else enqueued_at + timedelta(seconds=age_s)
