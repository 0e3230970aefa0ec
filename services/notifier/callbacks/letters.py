"""An event as it lies in the queue of an HTTP subscription, and as it is put aside or given up. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView

from ..queues import kept_s
from .schedule import Standing

FAILURES = "x-vodflow-failures"
UNTIL = "x-vodflow-until"
REASON = "x-vodflow-reason"
"""Headers of messages: of one that was put aside, how it stands; of a dead letter, why. None: it was never tried."""


@dataclass(frozen=True)
class Letter:
    """An event, its body as it was published, and how it stands."""

    event: CloudEvent
    body: bytes
    standing: Standing
    again: bool
    """Whether it has been put aside before."""


def read(
    body: bytes, headers: Mapping[str, Any], queued_at: datetime | None, subscription: SubscriptionView, now_s: float
) -> Letter:
    """The letter in a message, queued at its timestamp. Raises pydantic's ValidationError when there is none."""
    event = CloudEvent.model_validate_json(body)
    failures = headers.get(FAILURES)
    until_s = headers.get(UNTIL)
    if isinstance(failures, int) and isinstance(until_s, int) and failures > 0:
        return Letter(event, body, Standing(float(until_s), failures), again=True)
    since = queued_at or (None if event.replay else event.time)
    begun_s = now_s if since is None else min(since.timestamp(), now_s)
    return Letter(event, body, Standing(begun_s + kept_s(subscription)), again=False)


def aside(standing: Standing) -> dict[str, int]:
    """The headers of a message that is put aside; those that choose the delay come on top."""
    return {FAILURES: standing.failures, UNTIL: int(standing.until_s)}


def lane(letter: Letter, subscription: SubscriptionView) -> str:
    """What is posted one after the other: with BACKOFF_RETRY all; else a flow's events, but not those put aside."""
    endpoint = subscription.endpoint
    if endpoint.kind == "http" and endpoint.strategy == "BACKOFF_RETRY":
        return "all"
    alone = letter.again or letter.event.flowid is None
    return f"event/{letter.event.id}" if alone else f"flow/{letter.event.flowid}"
