"""Below the broker's library: queues are declared on a bare channel, consumers looked at as they are."""

from typing import Any

from contracts.topology import Queue


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
