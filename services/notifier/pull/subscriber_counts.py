"""How much waits at the broker: looked at, not touched."""

from dataclasses import dataclass

from aio_pika.exceptions import ChannelNotFoundEntity

from contracts.connection import Link


@dataclass(frozen=True)
class Stand:
    """Messages that are ready in a queue, and its consumers."""

    messages: int = 0
    consumers: int = 0


async def stand(link: Link, queue: str) -> Stand | None:
    """How a queue stands; None when there is none. On a channel of its own: a queue that is not there closes it."""
    async with link.channel() as channel:
        try:
            found = (await channel.declare_queue(queue, passive=True)).declaration_result
        except ChannelNotFoundEntity:
            return None
        return Stand(found.message_count or 0, found.consumer_count or 0)
