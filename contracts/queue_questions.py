"""The client's part for the pull contract of subscriber queues, and for replays."""

from collections.abc import Sequence
from datetime import datetime

from .pulled_events import (
    PULL_QUEUE,
    WAIT_S,
    EventConfirm,
    EventConfirmed,
    EventDescribe,
    EventDescribed,
    EventPull,
    EventPulled,
    PulledEvent,
)
from .questions import TIMEOUT_S, Questions
from .subscriber_queues import (
    BATCH,
    EventReplay,
    QueueDelete,
    QueueDeleted,
    QueueDescribe,
    QueueDescribed,
    QueuePurge,
    QueuePurged,
    QueueReceive,
    QueueReceived,
    QueueRedrive,
    QueueRedriven,
    QueueRewind,
    QueueRewound,
    ReceivedMessage,
)

LONGEST_POLL_S = 30


class QueueQuestions(Questions):
    """Commands and queries about subscriber queues. What may wait has its wait added to `timeout_s`."""

    async def receive(
        self, name: str, *, count: int = 1, wait_s: int | None = None, timeout_s: float = TIMEOUT_S
    ) -> Sequence[ReceivedMessage]:
        """Up to `count` events, out of sight of others until deleted or their visibility has passed."""
        command = QueueReceive(name=name, count=count, wait_s=wait_s)
        waits_s = LONGEST_POLL_S if wait_s is None else wait_s
        return (await self._ask("queue.receive.v1", command, QueueReceived, timeout_s + 2 * waits_s)).messages

    async def delete_received(self, name: str, handles: Sequence[str], *, timeout_s: float = TIMEOUT_S) -> QueueDeleted:
        """Take received events off the queue by their handles, at most 16; the answer tells which were refused."""
        command = QueueDelete(name=name, handles=list(handles))
        return await self._ask("queue.delete.v1", command, QueueDeleted, timeout_s)

    async def describe_queue(self, name: str, *, timeout_s: float = TIMEOUT_S) -> QueueDescribed:
        """How a subscriber queue stands."""
        return await self._ask("queue.describe.v1", QueueDescribe(name=name), QueueDescribed, timeout_s)

    async def redrive(self, name: str, *, count: int | None = None, timeout_s: float = TIMEOUT_S) -> int:
        """Move dead letters back into the queue; how many."""
        command = QueueRedrive(name=name, count=count)
        return (await self._ask("queue.redrive.v1", command, QueueRedriven, timeout_s)).count

    async def purge(self, name: str, *, dead: bool = False, timeout_s: float = TIMEOUT_S) -> int:
        """Drop all that waits, or all dead letters; how many."""
        command = QueuePurge(name=name, dead=dead)
        return (await self._ask("queue.purge.v1", command, QueuePurged, timeout_s)).count

    async def rewind(self, name: str, since: datetime, *, timeout_s: float = TIMEOUT_S) -> str:
        """Have the events since a moment once more, marked with the id that is returned."""
        command = QueueRewind(name=name, since=since)
        return (await self._ask("queue.rewind.v1", command, QueueRewound, timeout_s)).replay_id

    async def replay(self, name: str, flow_id: str, *, from_sequence: int = 1, timeout_s: float = TIMEOUT_S) -> str:
        """Have one flow's events from a sequence on once more, marked with the id that is returned."""
        command = EventReplay(name=name, flow_id=flow_id, from_sequence=from_sequence)
        return (await self._ask("event.replay.v1", command, QueueRewound, timeout_s)).replay_id

    async def pull_events(
        self, *, count: int = BATCH, name: str = PULL_QUEUE, timeout_s: float = TIMEOUT_S
    ) -> Sequence[PulledEvent]:
        """Up to `count` events under a lease of 30 s, of the subscription `events` if no other is named."""
        command = EventPull(name=name, count=count)
        return (await self._ask("event.pull.v1", command, EventPulled, timeout_s + 2 * WAIT_S)).events

    async def confirm_events(
        self, event_handles: Sequence[str], *, name: str = PULL_QUEUE, timeout_s: float = TIMEOUT_S
    ) -> EventConfirmed:
        """Take pulled events off; the answer tells which handles were refused."""
        command = EventConfirm(name=name, event_handles=list(event_handles))
        return await self._ask("event.confirm.v1", command, EventConfirmed, timeout_s)

    async def count_events_to_pull(self, *, name: str = PULL_QUEUE, timeout_s: float = TIMEOUT_S) -> int:
        """How many events there are to pull, about."""
        answer = await self._ask("event.describe.v1", EventDescribe(name=name), EventDescribed, timeout_s)
        return answer.count_of_events_to_pull
