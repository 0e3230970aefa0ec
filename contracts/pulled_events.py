"""Reliable notification by the names of VOD (reference F.1): pull and confirm, over subscriber queues."""

from typing import Any

from pydantic import Field

from .model import Asked, Model
from .subscriber_queues import BATCH, BatchCode, HandleFault, Handles
from .subscriptions import Name

PULL_QUEUE = "events"
"""The subscription that is pulled from when none is named."""
LEASE_S = 30
WAIT_S = 5


class EventPull(Asked):
    """Command `event.pull.v1`: up to `count` events, invisible to others for 30 s; waits up to 5 s for the first."""

    name: Name = PULL_QUEUE
    count: int = Field(default=BATCH, ge=1, le=BATCH)


class PulledEvent(Model):
    """An event and the handle to confirm it by within 30 s."""

    event_handle: str
    event: dict[str, Any]


class EventPulled(Model):
    """Answer to `event.pull.v1`."""

    events: list[PulledEvent]


class EventConfirm(Asked):
    """Command `event.confirm.v1`: these are handled."""

    name: Name = PULL_QUEUE
    event_handles: Handles


class EventConfirmed(Model):
    """Answer to `event.confirm.v1`."""

    code: BatchCode
    faults: list[HandleFault] = Field(default_factory=list)


class EventDescribe(Asked):
    """Query `event.describe.v1`: how much there is to pull."""

    name: Name = PULL_QUEUE


class EventDescribed(Model):
    """Answer to `event.describe.v1`; the count is approximate."""

    count_of_events_to_pull: int
