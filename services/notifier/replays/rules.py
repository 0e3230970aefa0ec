"""What may be replayed, and what of the stream is. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from contracts import codes
from contracts.catalog import CATALOG
from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView
from shared.errors import RequestError

from ..rules import hears, wants

CLOCKS_APART = timedelta(seconds=5)
"""How far the clock of who asks may be from ours, the way here included."""
READ_BEFORE = timedelta(seconds=60)
"""How long before `since` to begin to read: the stream's times are the broker's, and as coarse as its chunks."""
STREAM_AGE = timedelta(days=15)


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What is to be put into a subscription's queue once more: events since a moment, or one flow's from a sequence.

    `made_at` is when the subscription was made: a new one of the same name is another.
    """

    id: str
    tenant: str
    name: str
    queue: str
    made_at: datetime
    since: datetime
    flow_id: str | None = None
    from_sequence: int = 1


def check_since(since: datetime, rewind_s: int, now: datetime) -> None:
    """Raises RequestError when a subscription with this `rewind_s` can't be rewound to `since`."""
    if rewind_s == 0:
        text = "this subscription can't be rewound: its rewind_s is 0; modify it first"
        raise RequestError(text, codes.CANNOT_REWIND, "since")
    earliest = now - timedelta(seconds=rewind_s)
    if not earliest - CLOCKS_APART <= since <= now + CLOCKS_APART:
        text = f"since must be from {_told(earliest)} (rewind_s, {rewind_s} s ago) to {_told(now)} (now)"
        raise RequestError(text, codes.CANNOT_REWIND, "since")


def wanted(replay: Replay, subscription: SubscriptionView, event: CloudEvent) -> bool:
    """Whether an event of the stream belongs to a replay, by the subscription as it is now."""
    mine = hears(replay.tenant, subscription, event.tenant)
    return mine and _asked(replay, event) and _sound(event) and wants(subscription, event)


def _asked(replay: Replay, event: CloudEvent) -> bool:
    if replay.flow_id is None:
        return event.time is None or event.time >= replay.since
    return event.flowid == replay.flow_id and (event.sequence or 0) >= replay.from_sequence


def _sound(event: CloudEvent) -> bool:
    """Whether it is one of our events: anyone may publish to the exchange, and the stream takes it all."""
    known = CATALOG.get(event.key)
    if known is None or known.role != "event":
        return False
    try:
        known.read(event.data)
    except ValidationError:
        return False
    return True


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
