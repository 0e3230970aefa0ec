"""Receive and delete, by two replicas that share the work: leases, handles, order; on a real broker, both drivers."""

import asyncio
from collections.abc import Sequence

import pytest

from contracts.errors import Refused
from services.notifier.pull.arrivals import Arrival
from services.notifier.pull.deliveries import Deliveries
from tests.integration.pull.house import House, numbers, told
from tests.waiting import until


async def test_a_message_is_received_once_until_it_is_deleted(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put()
    await house.publish(made.queue, told(1), told(2))

    (message,) = await house.client.receive("mine", wait_s=5)

    assert (message.event["id"], message.message_id, message.dequeue_count) == ("e1", "e1", 1)
    assert message.enqueued_at <= message.first_dequeued_at < message.next_visible_at
    assert (message.next_visible_at - message.first_dequeued_at).total_seconds() == made.visibility_s
    assert numbers(await house.client.receive("mine", count=16)) == [2]
    assert await house.client.receive("mine", count=16) == []
    assert (await house.client.delete_received("mine", [message.handle])).code == "0"
    await house.expire()
    assert numbers(await house.client.receive("mine", count=16)) == [2]


async def test_what_is_not_deleted_comes_again_with_another_handle_and_the_old_one_is_refused(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put(visibility_s=1)
    await house.publish(made.queue, told(1))
    (first,) = await house.client.receive("mine")

    (second,) = await house.client.receive("mine", wait_s=30)

    assert (second.dequeue_count, second.message_id) == (2, first.message_id)
    assert second.first_dequeued_at == first.first_dequeued_at
    assert second.handle != first.handle
    refused = await house.client.delete_received("mine", [first.handle])
    assert [(fault.handle, fault.code) for fault in refused.faults] == [(first.handle, "4430")]
    assert refused.code == "6020"
    assert (await house.client.delete_received("mine", [second.handle])).code == "0"


async def test_a_handle_is_refused_once_its_visibility_has_passed(house: House) -> None:
    await house.start()
    made = await house.put()
    await house.publish(made.queue, told(1))
    (message,) = await house.client.receive("mine")
    await house.expire()

    assert (await house.client.delete_received("mine", [message.handle])).code == "6020"
    assert numbers(await house.client.receive("mine")) == [1]


async def test_handles_survive_every_replica(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put()
    await house.publish(made.queue, *map(told, range(1, 5)))
    messages = await house.client.receive("mine", count=16)
    await house.stop()
    await house.start()

    deleted = await house.client.delete_received("mine", [message.handle for message in messages])

    assert (deleted.code, deleted.faults) == ("0", [])
    assert (await house.client.describe_queue("mine")).inactive_count == 0


async def test_a_batch_tells_which_handles_failed(house: House) -> None:
    await house.start()
    made = await house.put()
    await house.put("other")
    await house.publish(made.queue, told(1), told(2), told(3))
    one, two, three = await house.client.receive("mine", count=3)
    handles = [one.handle, "nonsense", one.handle, "\N{SNOWMAN}" * 20, two.handle]

    deleted = await house.client.delete_received("mine", handles)

    assert deleted.code == "6010"
    assert [(fault.handle, fault.code) for fault in deleted.faults] == [(handles[1], "4430"), (handles[3], "4430")]
    assert (await house.client.delete_received("mine", [one.handle, two.handle])).code == "6020", "deleted before"
    assert (await house.client.delete_received("other", [three.handle])).code == "6020", "of another queue"
    await house.expire()
    assert numbers(await house.client.receive("mine", count=16)) == [3]


async def test_leases_that_ended_come_before_fresh_messages_in_order_of_arrival(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put()
    await house.publish(made.queue, *map(told, range(1, 7)))
    for _ in range(4):
        await house.client.receive("mine")
    await house.expire()

    again = await house.client.receive("mine", count=16)

    assert numbers(again) == [1, 2, 3, 4, 5, 6]
    assert [message.dequeue_count for message in again] == [2, 2, 2, 2, 1, 1]


async def test_a_message_that_comes_twice_is_kept_once(house: House) -> None:
    """So are one whose ack was lost, and one that was deleted meanwhile; a replay of it is another message."""
    await house.start(replicas=2)
    made = await house.put()
    await house.publish(made.queue, told(1), told(1))
    (message,) = await house.client.receive("mine", count=16)
    await house.publish(made.queue, told(1))
    assert await house.client.receive("mine", count=16) == []
    await house.client.delete_received("mine", [message.handle])
    await house.publish(made.queue, told(1), told(1, replay="r1"), told(2))

    received = await house.client.receive("mine", count=16)

    assert [one.message_id for one in received] == ["e1/r1", "e2"]


async def test_many_receivers_share_a_queue_without_loss_or_doubles(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put()

    async def receiver() -> list[int]:
        seen: list[int] = []
        while messages := await house.client.receive("mine", count=5, wait_s=2):
            seen += numbers(messages)
            assert (await house.client.delete_received("mine", [one.handle for one in messages])).code == "0"
        return seen

    receivers = asyncio.gather(*(receiver() for _ in range(6)))
    await house.publish(made.queue, *map(told, range(1, 101)))

    assert sorted(number for seen in await receivers for number in seen) == list(range(1, 101))


async def test_what_is_no_event_holds_nobody_up(house: House) -> None:
    await house.start()
    made = await house.put(dead_letters={"max_receive_count": 5})
    await house.publish(made.queue, b"{", told(1))

    assert numbers(await house.client.receive("mine", count=16)) == [1]
    await house.ready(made.dead_queue, 1)


async def test_no_more_than_the_limit_are_out_of_sight(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.notifier.pull.receiving.MOST_LEASED", 3)
    await house.start()
    made = await house.put()
    await house.publish(made.queue, *map(told, range(1, 6)))
    assert numbers(await house.client.receive("mine", count=16)) == [1, 2, 3]

    with pytest.raises(Refused) as refused:
        await house.client.receive("mine")

    assert refused.value.code == "6070"
    await house.ready(made.queue, 2)


async def test_a_subscription_put_anew_starts_empty(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put()
    await house.publish(made.queue, told(1), told(2))
    (message,) = await house.client.receive("mine")
    await house.client.delete_subscription("mine")
    await house.put()

    await house.expire()

    assert await house.client.receive("mine", count=16) == []
    assert (await house.client.delete_received("mine", [message.handle])).code == "6020"


async def test_what_is_too_old_is_not_received(house: House) -> None:
    await house.start()
    made = await house.put()
    await house.publish(made.queue, told(1), told(2))
    await house.client.receive("mine", count=2)
    past = {"$set": {"expires_at": (await house.deliveries.find_one({}) or {})["enqueued_at"]}}
    await house.deliveries.update_one({"message_id": "e1"}, past)
    await house.expire()

    assert numbers(await house.client.receive("mine", count=16)) == [2]


async def test_nobody_to_answer_nothing_leased(house: House) -> None:
    """An asker whose queue of answers is gone: what was taken for it is to be had at once, and was not received."""
    await house.start()
    made = await house.put()
    asked = {"name": "mine", "wait_s": 0}
    await house.publish(made.queue, told(1), told(2))
    await house.command("queue.receive.v1", asked, reply_to="nobody.there")

    async def given_back() -> bool:
        one = await house.deliveries.find_one({"message_id": "e1"})
        return one is not None and one["count"] == 0 and "nonce" not in one

    await until(given_back, "the message to be given back")
    received = await house.client.receive("mine", count=2)
    assert numbers(received) == [1, 2]
    assert [message.dequeue_count for message in received] == [1, 1]


async def test_a_command_asked_again_gets_what_it_got(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put()
    await house.publish(made.queue, *map(told, range(1, 5)))
    ids = [await house.asked("queue.receive.v1", {"name": "mine", "count": 2}, "same") for _ in range(3)]

    first, *again = [[one["handle"] for one in answer["messages"]] for answer in ids]

    assert again == [first, first]
    assert numbers(await house.client.receive("mine", count=16)) == [3, 4]
    codes = [(await house.asked("queue.delete.v1", {"name": "mine", "handles": first}, "del"))["code"] for _ in "ab"]
    assert codes == ["0", "0"]


async def test_a_replica_that_goes_between_keeping_and_acking(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The messages are kept and come from the broker once more: none is lost, none is there twice."""
    keep, kept = Deliveries.keep, asyncio.Event()

    async def keep_and_hang(self: Deliveries, arrivals: Sequence[Arrival]) -> None:
        await keep(self, arrivals)
        kept.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(Deliveries, "keep", keep_and_hang)
        await house.start()
        made = await house.put()
        await house.publish(made.queue, told(1), told(2))
        asking = asyncio.create_task(house.client.receive("mine", count=2))
        await kept.wait()
        await house.stop()
    await house.ready(made.queue, 2)
    await house.start()

    assert numbers(await asking) == [1, 2]
    assert await house.client.receive("mine", count=16) == []
    await house.ready(made.queue, 0)
    assert [one["count"] for one in await house.deliveries.find({}).to_list()] == [1, 1]
