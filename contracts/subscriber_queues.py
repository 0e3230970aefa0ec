"""The pull contract of a subscriber queue: receive, delete, describe, redrive, purge, rewind. Source: reference G.2."""

from typing import Annotated, Any, Literal

from pydantic import Field

from .flows import FLOW_ID_PATTERN
from .model import Asked, Model, Timestamp
from .subscriptions import Name

BATCH = 16
"""Most messages or handles in one command."""

Handle = Annotated[str, Field(min_length=1, max_length=200)]
Handles = Annotated[list[Handle], Field(min_length=1, max_length=BATCH)]
BatchCode = Literal["0", "6010", "6020"]
"""0: all done; 6010: some failed; 6020: all failed."""


class QueueReceive(Asked):
    """Command `queue.receive.v1`: up to `count` events of a subscription, out of sight of others for its visibility.

    Answered as soon as there is one; when there is none for `wait_s` (default: the subscription's `poll_s`), with none.
    """

    name: Name
    count: int = Field(default=1, ge=1, le=BATCH)
    wait_s: int | None = Field(default=None, ge=0, le=30)


class ReceivedMessage(Model):
    """A received event. Delete it by `handle` before `next_visible_at`, or it comes again, with another handle."""

    event: dict[str, Any]
    """The whole CloudEvent, as it was published."""
    message_id: str
    handle: str
    dequeue_count: int = Field(ge=1)
    enqueued_at: Timestamp
    first_dequeued_at: Timestamp
    next_visible_at: Timestamp


class QueueReceived(Model):
    """Answer to `queue.receive.v1`; `code` is 7000 when there was none."""

    code: Literal["0", "7000"] = "0"
    messages: list[ReceivedMessage]


class QueueDelete(Asked):
    """Command `queue.delete.v1`: these are handled. Only the handle of the latest receipt counts, while it lasts."""

    name: Name
    handles: Handles


class HandleFault(Model):
    """A handle that was refused: code 4430."""

    handle: str
    code: str
    message: str


class QueueDeleted(Model):
    """Answer to `queue.delete.v1`: what could not be deleted, and the code of the batch."""

    code: BatchCode
    faults: list[HandleFault] = Field(default_factory=list)


class QueueDescribe(Asked):
    """Query `queue.describe.v1`: how a subscriber queue stands."""

    name: Name


class RewindView(Model):
    """A rewind or a replay under way, or the last one."""

    replay_id: str
    state: Literal["running", "done"]
    since: Timestamp
    republished_count: int = 0


class QueueDescribed(Model):
    """Answer to `queue.describe.v1`; counts are approximate, as everywhere with RabbitMQ."""

    name: str
    queue: str
    active_count: int
    """Events that can be received."""
    inactive_count: int
    """Events that were received and are out of sight."""
    dead_count: int = 0
    consumer_count: int = 0
    """Native consumers at the broker, besides the pull contract."""
    oldest_at: Timestamp | None = None
    """When the oldest event that was received and not deleted came in."""
    rewind: RewindView | None = None


class QueueRedrive(Asked):
    """Command `queue.redrive.v1`: move the dead letters, at most `count`, back into the queue, counted anew."""

    name: Name
    count: int | None = Field(default=None, ge=1)


class QueueRedriven(Model):
    """Answer to `queue.redrive.v1`."""

    count: int


class QueuePurge(Asked):
    """Command `queue.purge.v1`: drop all that waits in it, received or not; or, with `dead`, its dead letters."""

    name: Name
    dead: bool = False


class QueuePurged(Model):
    """Answer to `queue.purge.v1`."""

    count: int


class QueueRewind(Asked):
    """Command `queue.rewind.v1`: have the events since a moment once more, marked as a replay, deleted ones too.

    `since` is at most the subscription's `rewind_s` ago.
    """

    name: Name
    since: Timestamp


class QueueRewound(Model):
    """Answer to `queue.rewind.v1` and `event.replay.v1`: it has begun; its events carry the id as `replay`."""

    replay_id: str


class EventReplay(Asked):
    """Command `event.replay.v1`: put a flow's events from `from_sequence` on into a subscription's queue once more."""

    name: Name
    flow_id: str = Field(pattern=FLOW_ID_PATTERN)
    from_sequence: int = Field(default=1, ge=1)
