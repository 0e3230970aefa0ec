"""A pattern matches what RabbitMQ's own topic exchange matches with it."""

import itertools
from collections.abc import Sequence
from uuid import uuid4

import aio_pika
from aio_pika import ExchangeType, Message
from aio_pika.abc import AbstractChannel

from services.notifier.rules import matches

WORDS = ("a", "b")
PATTERNS = [".".join(words) for size in (1, 2, 3, 4) for words in itertools.product(("a", "*", "#"), repeat=size)]
KEYS = [".".join(words) for size in (1, 2, 3, 4) for words in itertools.product(WORDS, repeat=size)]


async def routed(channel: AbstractChannel, patterns: Sequence[str], keys: Sequence[str]) -> set[tuple[str, str]]:
    """Which keys a topic exchange hands to queues bound with these patterns."""
    exchange = await channel.declare_exchange(f"test.{uuid4().hex}", ExchangeType.TOPIC, auto_delete=True)
    queue = await channel.declare_queue(exclusive=True)
    found = set()
    for pattern in patterns:
        await queue.bind(exchange, pattern)
        for key in keys:
            await exchange.publish(Message(key.encode()), key, mandatory=False)
        while message := await queue.get(no_ack=True, fail=False):
            found.add((pattern, message.body.decode()))
        await queue.bind(exchange, "keeps the exchange")
        await queue.unbind(exchange, pattern)
    return found


async def test_patterns_match_as_rabbitmq_does(amqp_url: str) -> None:
    async with await aio_pika.connect(amqp_url) as connection:
        found = await routed(await connection.channel(), PATTERNS, KEYS)

    expected = {(pattern, key) for pattern in PATTERNS for key in KEYS if matches(pattern, key)}
    assert len(found) > len(PATTERNS)
    assert found == expected
