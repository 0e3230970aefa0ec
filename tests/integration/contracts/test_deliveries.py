"""What becomes of an event that was given out: confirmed, given back, given up; once or at least once."""

import logging
from contextlib import aclosing

import pytest
from aio_pika.exceptions import ChannelInvalidStateError

from contracts.client import VodflowClient
from contracts.deliveries import Delivery
from contracts.errors import Refused
from contracts.topology import callback_queue, dead_queue, subscriber_queue
from tests.integration.contracts.standin import StandIn
from tests.integration.contracts.test_events import name, numbered
from tests.proxy import Proxy
from tests.waiting import until

__all__ = ["name"]


class Fault(Exception):
    """A consumer's own."""


async def left(client: VodflowClient, of: str) -> list[tuple[int | None, int]]:
    """What is in the queue: (sequence, how often it came back), confirmed."""
    found = []
    async for delivery in client.events(of, follow=False):
        found.append((delivery.event.sequence, delivery.count))
        await delivery.confirm()
    return found


async def handle(delivery: Delivery) -> None:
    async with delivery:
        if delivery.event.sequence == 2 and not delivery.redelivered:
            raise Fault("no room for number 2")


async def test_a_block_that_ends_confirms_and_one_that_raises_gives_back(
    client: VodflowClient, stand_in: StandIn, name: str
) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    await stand_in.put(queue, *numbered(1, 2, 3))
    seen: list[tuple[int | None, int]] = []
    async with aclosing(client.events(name, prefetch=1)) as deliveries:
        async for delivery in deliveries:
            seen.append((delivery.event.sequence, delivery.count))
            try:
                await handle(delivery)
            except Fault:
                continue
            if len(seen) == 4:
                break
    assert (seen[:2], sorted(seen[2:])) == ([(1, 0), (2, 0)], [(2, 1), (3, 0)])
    assert await left(client, name) == []


async def test_a_block_that_raises_gives_up_by_choice(client: VodflowClient, stand_in: StandIn, name: str) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    dead = await stand_in.queue(dead_queue(queue))
    events = numbered(1, 2, 3)
    await stand_in.put(queue, *events)
    async for delivery in client.events(name, follow=False, failed="dead_letter"):
        if delivery.event.sequence == 2:
            with pytest.raises(Fault):
                await handle(delivery)
        else:
            await handle(delivery)
    letter = await dead.get(no_ack=True)
    assert letter is not None
    assert letter.headers["x-vodflow-reason"] == "Fault: no room for number 2"
    assert letter.body == events[1].to_json()
    assert (await left(client, name), await dead.get(fail=False)) == ([], None)


async def test_a_reason_goes_with_the_dead_letter_and_back_with_it(
    client: VodflowClient, stand_in: StandIn, name: str
) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    dead = await stand_in.queue(dead_queue(queue))
    await stand_in.put(queue, *numbered(1))
    async for delivery in client.events(name, follow=False):
        await delivery.nack(requeue=False, reason="no such customer")
        await delivery.confirm()
        await delivery.nack()
    letter = await dead.get()
    assert letter is not None
    await stand_in.put_message(queue, letter)
    await letter.ack()
    async for delivery in client.events(name, follow=False):
        assert delivery.reason == "no such customer"
        await delivery.confirm()


async def test_without_dead_letters_it_is_dropped_with_a_warning(
    client: VodflowClient, stand_in: StandIn, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    (event,) = numbered(1)
    await stand_in.put(queue, event)
    with caplog.at_level(logging.WARNING, "contracts.deliveries"):
        async for delivery in client.events(name, follow=False):
            await delivery.nack(requeue=False, reason="no such customer")
    assert caplog.messages == [f"dropped event {event.id} (no such customer): {queue} has no dead letters"]
    assert await left(client, name) == []


async def test_a_connection_that_is_lost_in_the_block_is_no_error(
    client: VodflowClient, stand_in: StandIn, line: Proxy, name: str
) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    await stand_in.put(queue, *numbered(1, 2))
    seen = []
    async with aclosing(client.events(name)) as deliveries:
        async for delivery in deliveries:
            async with delivery:
                seen.append((delivery.event.sequence, delivery.redelivered, delivery.standing))
                if len(seen) == 1:
                    line.cut()
                    await lost(delivery)
            if len(seen) == 3:
                break
    assert seen == [(1, False, "next"), (1, True, "next"), (2, True, "next")], "what nobody handled is no repeat"


async def lost(delivery: Delivery) -> None:
    async def gone() -> bool:
        try:
            return delivery.message.channel.is_closed
        except ChannelInvalidStateError:
            return True

    await until(gone, "the connection to be lost")


async def test_at_most_once_none_comes_again(client: VodflowClient, stand_in: StandIn, line: Proxy, name: str) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    await stand_in.put(queue, *numbered(*range(1, 31)))
    seen = []
    async with aclosing(client.events(name, prefetch=7, at_most_once=True)) as deliveries:
        async for delivery in deliveries:
            seen.append(delivery.event.sequence)
            if delivery.event.sequence in (3, 17):
                line.cut()
            if delivery.event.sequence == 20:
                break
    assert seen == list(range(1, 21)), "what was waiting here when the connection was lost was not given out yet"
    async with aclosing(client.events(name, at_most_once=True)) as deliveries:
        first = await anext(deliveries)
    assert (first.event.sequence, [one for one, _ in await left(client, name)]) == (21, list(range(22, 31)))


async def test_what_was_confirmed_is_skipped_and_what_was_given_back_is_not(
    client: VodflowClient, stand_in: StandIn, name: str
) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    one, two, three = numbered(1, 2, 3)
    replayed = one.model_copy(update={"replay": "r"})
    await stand_in.put(queue, one, two, one, replayed, three)
    seen = []
    async with aclosing(client.events(name, prefetch=1, skip_repeats=True)) as deliveries:
        async for delivery in deliveries:
            seen.append((delivery.event.sequence, delivery.event.replay, delivery.standing))
            if seen == [(1, None, "next"), (2, None, "next")]:
                await delivery.nack()
            else:
                await delivery.confirm()
            if len(seen) == 5:
                break
    assert seen[:2] == [(1, None, "next"), (2, None, "next")]
    assert sorted(seen[2:], key=str) == [(1, "r", "next"), (2, None, "next"), (3, None, "next")]
    assert await left(client, name) == []


async def test_how_each_stands_is_told(client: VodflowClient, stand_in: StandIn, name: str) -> None:
    queue = subscriber_queue("t1", name)
    await stand_in.queue(queue)
    one, two, four = numbered(1, 2, 4)
    await stand_in.put(queue, one, two, one, four)
    seen = []
    async for delivery in client.events(name, follow=False):
        seen.append((delivery.event.sequence, delivery.standing))
        await delivery.confirm()
    assert seen == [(1, "next"), (2, "next"), (1, "repeat"), (4, "gap")]


async def test_what_is_posted_cannot_be_consumed(client: VodflowClient, stand_in: StandIn, name: str) -> None:
    await stand_in.queue(callback_queue("t1", name))
    with pytest.raises(Refused, match="are posted to its URL") as refused:
        await anext(client.events(name))
    assert refused.value.field == "name"


@pytest.mark.parametrize("prefetch", [0, -1, 65_536])
async def test_a_prefetch_without_bounds_is_refused(client: VodflowClient, prefetch: int) -> None:
    with pytest.raises(ValueError, match="prefetch is from 1 to 65535"):
        client.events("any", prefetch=prefetch)
