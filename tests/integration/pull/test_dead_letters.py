"""Dead letters by either policy, and moved back; on a real broker, both drivers."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from contracts.errors import Refused
from contracts.subscriptions import SubscriptionView
from services.notifier.pull.redriving import Redriving
from tests.integration.pull.house import House, numbers, told
from tests.waiting import until


async def dead_count(house: House, count: int) -> None:
    async def there() -> bool:
        return (await house.client.describe_queue("mine")).dead_count == count

    await until(there, f"{count} dead letters")


async def test_a_message_received_too_often_is_dead(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put(dead_letters={"max_receive_count": 2})
    await house.publish(made.queue, told(1), told(2))
    for count in (1, 2):
        received = await house.client.receive("mine", count=16, wait_s=10)
        assert [message.dequeue_count for message in received] == [count] * 2
        await house.expire()

    assert (await house.client.delete_received("mine", [received[0].handle])).code == "6020"
    await dead_count(house, 2)
    assert await house.client.receive("mine", count=16) == []
    assert await house.deliveries.count_documents({}) == 0
    dead = await house.bodies(made.dead_queue)
    assert [(event["id"], headers["vodflow-dequeue-count"]) for event, headers in dead] == [("e1", 2), ("e2", 2)]


async def test_a_message_deleted_at_its_last_receipt_is_not_dead(house: House) -> None:
    await house.start()
    made = await house.put(dead_letters={"max_receive_count": 1})
    await house.publish(made.queue, told(1), told(2))
    one, _ = await house.client.receive("mine", count=2)
    assert (await house.client.delete_received("mine", [one.handle])).code == "0"
    await house.expire()

    await dead_count(house, 1)
    assert [event["id"] for event, _ in await house.bodies(made.dead_queue)] == ["e2"]


async def test_receipts_of_native_consumers_count(house: House) -> None:
    await house.start()
    made = await house.put(dead_letters={"max_receive_count": 3})
    await house.publish(made.queue, told(1))
    await house.nack(made.queue)

    (message,) = await house.client.receive("mine", wait_s=10)

    assert message.dequeue_count == 2


async def test_a_message_that_is_too_old_is_dead_but_not_while_it_is_held(house: House) -> None:
    await house.start()
    made = await house.put(dead_letters={"max_age_s": 300})
    await house.publish(made.queue, told(1), told(2), timestamp=datetime.now(UTC) - timedelta(seconds=301))
    await house.publish(made.queue, told(3))
    received = await house.client.receive("mine", count=16)
    assert numbers(received) == [3], "too old when it was taken"
    await dead_count(house, 2)

    await house.publish(made.queue, told(4))
    (held,) = await house.client.receive("mine", wait_s=10)
    aged = {"$set": {"aged_at": datetime(2020, 1, 1, tzinfo=UTC)}}
    await house.deliveries.update_one({"message_id": "e4"}, aged)
    assert (await house.client.delete_received("mine", [held.handle])).code == "0"
    assert (await house.client.describe_queue("mine")).dead_count == 2


async def test_dead_letters_are_moved_back_and_counted_anew(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put(dead_letters={"max_receive_count": 1})
    await house.publish(made.queue, *map(told, range(1, 6)))
    await house.client.receive("mine", count=5)
    await house.expire()
    await dead_count(house, 5)

    assert await house.client.redrive("mine", count=2) == 2
    received = await house.client.receive("mine", count=16, wait_s=10)
    assert numbers(received) == [1, 2]
    assert [message.dequeue_count for message in received] == [1, 1]
    assert await house.client.redrive("mine") == 3
    assert await house.client.redrive("mine") == 0
    await house.ready(made.queue, 3)
    assert [headers for _, headers in await house.bodies(made.queue)] == [{}, {}, {}]


async def test_what_a_native_consumer_gave_up_is_moved_back_without_its_death(house: House) -> None:
    await house.start()
    made = await house.put(dead_letters={"max_receive_count": 1})
    await house.publish(made.queue, told(1))
    await house.nack(made.queue)
    await dead_count(house, 1)

    assert await house.client.redrive("mine") == 1

    await house.ready(made.queue, 1)
    assert [headers for _, headers in await house.bodies(made.queue)] == [{}]


async def test_a_redrive_asked_again_goes_on_and_tells_the_whole(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first replica goes as it has moved a part; the command comes again, and moves no more than it was asked."""
    monkeypatch.setattr("services.notifier.pull.redriving.CHUNK", 10)
    await house.start()
    made = await house.put(dead_letters={"max_receive_count": 5})
    await house.publish(made.dead_queue, *map(told, range(1, 51)))
    move, parts = Redriving._move, itertools.count(1)

    async def move_two_parts(self: Redriving, subscription: SubscriptionView, count: int) -> int:
        if next(parts) > 2:
            await asyncio.Event().wait()
        return await move(self, subscription, count)

    with monkeypatch.context() as patched:
        patched.setattr(Redriving, "_move", move_two_parts)
        asking = asyncio.create_task(house.client.redrive("mine", count=35))
        await house.ready(made.queue, 20)
        await house.stop()
    await house.start()

    assert await asking == 35
    await house.ready(made.queue, 35)
    await house.ready(made.dead_queue, 15)
    assert [event["sequence"] for event, _ in await house.bodies(made.queue)] == list(range(1, 36))


async def test_a_redrive_ends_with_what_was_dead_when_it_began(house: House) -> None:
    """What it moves dies again at once, again and again: it must not go round for ever."""
    await house.start()
    made = await house.put(dead_letters={"max_receive_count": 1})
    await house.publish(made.dead_queue, *map(told, range(1, 301)))
    stop = asyncio.Event()

    async def die() -> None:
        while not stop.is_set():
            await house.publish(made.dead_queue, told(1000))

    dying = asyncio.create_task(die())
    moved = await house.client.redrive("mine")
    stop.set()
    await dying
    assert moved >= 300
    await house.ready(made.queue, moved)
    assert (await house.client.describe_queue("mine")).dead_count > 0


async def test_without_dead_letters_there_is_nothing_to_redrive(house: House) -> None:
    await house.start()
    await house.put()
    for action in (house.client.redrive("mine"), house.client.purge("mine", dead=True)):
        with pytest.raises(Refused) as refused:
            await action
        assert (refused.value.code, refused.value.field) == ("InvalidParameterValue", "name")


async def test_dead_messages_without_a_queue_for_them_are_received_again(house: House) -> None:
    """Their policy was removed, and its queue with it."""
    await house.start()
    made = await house.put(dead_letters={"max_receive_count": 1})
    await house.publish(made.queue, told(1))
    await house.client.receive("mine")
    await house.delete_queue(made.dead_queue)
    await house.expire()

    (again,) = await house.client.receive("mine", wait_s=30)

    assert again.event["id"] == "e1"
