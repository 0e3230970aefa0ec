"""The stream of public events: read from a place on, and marked, so that a reader knows where to stop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from contracts import topology
from contracts.connection import Link
from contracts.envelope import TYPE_PREFIX, CloudEvent
from contracts.feed import Feed, feed
from shared.bus import Bus

PREFETCH = 400
FIRST = "first"
OFFSET = "x-stream-offset"
_MARK = TYPE_PREFIX + "replay.mark"


async def mark(bus: Bus, replay_id: str) -> None:
    """Put a mark at the end of the stream; when this returns, it is behind every event that was confirmed before.

    It goes straight to the stream, past the exchange: nobody else gets it.
    """
    event = CloudEvent(id=replay_id, source=bus.source, type=_MARK, replay=replay_id)
    await bus.publish(event, "", key=topology.EVENTS_STREAM.name)


def is_mark(event: CloudEvent, replay_id: str | None = None) -> bool:
    """Whether this is no event but a mark; that of a certain replay if one is named."""
    return event.type == _MARK and replay_id in (None, event.replay)


@asynccontextmanager
async def stream(link: Link, start: int | datetime | str) -> AsyncIterator[Feed]:
    """What is in the stream from an offset, a moment or FIRST on, and what comes.

    Each has its offset in the header OFFSET; a moment is as fine as the stream's chunks. Acknowledge, or no more come.
    """
    async with link.channel(prefetch=PREFETCH) as channel:
        queue = await channel.get_queue(topology.EVENTS_STREAM.name, ensure=False)
        async with feed(queue, arguments={OFFSET: start}) as messages:
            yield messages
