"""Below the broker's library: queues are declared on a bare channel, consumers looked at as they are."""

from typing import Any

from yarl import URL

from contracts.topology import Queue

HEARTBEAT_S = 6


def watched(amqp_url: str) -> str:
    """The URL with our heartbeat unless it names its own.

    A process that hangs loses its connections after two or three of them, and others get what it was given; with
    the usual 60 s those who asked would have given up by then.
    """
    url = URL(amqp_url)
    return str(url if "heartbeat" in url.query else url.update_query(heartbeat=HEARTBEAT_S))


async def declared(channel: Any, queue: Queue) -> None:
    """Make a queue with its bindings, or find it there."""
    await channel.queue_declare(queue.name, durable=True, arguments=queue.declare_arguments())
    for exchange, key in queue.bindings:
        await channel.queue_bind(queue.name, exchange, routing_key=key)
    for exchange, arguments in queue.headers:
        await channel.queue_bind(queue.name, exchange, routing_key="", arguments=arguments)


def attached(subscriber: Any) -> bool:
    """Whether a subscriber gets messages right now: its channel is open and knows its consumer."""
    queue, tag = subscriber._queue_obj, subscriber._consumer_tag
    if queue is None or tag is None or queue.channel.is_closed:
        return False
    underlay = getattr(queue.channel, "_channel", None)
    channel = getattr(underlay, "channel", None)
    return channel is not None and tag in channel.consumers
