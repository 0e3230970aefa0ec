"""Long poll: answered as soon as there is one, whatever brings it; many wait at once, the broker may go meanwhile."""

import asyncio

from tests.integration.pull.house import House, numbers, told
from tests.waiting import until


async def test_a_wait_ends_with_the_first_message(house: House) -> None:
    await house.start()
    made = await house.put()
    waiting = asyncio.create_task(house.client.receive("mine", count=16, wait_s=30))
    await house.consumers(made.queue, 1)

    await house.publish(made.queue, told(1))

    assert numbers(await waiting) == [1]
    await house.consumers(made.queue, 0)
    assert (await house.client.describe_queue("mine")).inactive_count == 1


async def test_a_wait_ends_with_none_when_nothing_comes(house: House) -> None:
    await house.start()
    made = await house.put(poll_s=2)
    waiting = asyncio.create_task(house.client.receive("mine"))
    await house.consumers(made.queue, 1)
    assert await waiting == []
    assert await house.client.receive("mine", wait_s=0) == []


async def test_a_wait_ends_when_a_lease_does_whoever_made_it(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put()
    await house.publish(made.queue, told(1))
    assert numbers(await house.client.receive("mine")) == [1]
    waiting = asyncio.create_task(house.client.receive("mine", wait_s=30))
    await house.consumers(made.queue, 1)

    await house.expire()

    (message,) = await waiting
    assert message.dequeue_count == 2


async def test_those_who_wait_share_what_comes(house: House) -> None:
    """40 wait on two queues in two replicas; a message each: everyone gets one, and other commands are answered."""
    await house.start(replicas=2)
    one, other = await house.put("one"), await house.put("other")
    waits = [asyncio.create_task(house.client.receive(name, wait_s=30)) for name in ("one", "other") * 20]
    await house.consumers(one.queue, 20)
    await house.consumers(other.queue, 20)
    described = await house.client.describe_queue("one")
    assert (described.active_count, described.inactive_count) == (0, 0)

    await house.publish(one.queue, *map(told, range(20)[1:]), told(20))
    await house.publish(other.queue, *map(told, range(101, 121)))

    seen = [number for messages in await asyncio.gather(*waits) for number in numbers(messages)]
    assert sorted(seen) == [*range(1, 21), *range(101, 121)]
    for queue in (one.queue, other.queue):
        await house.ready(queue, 0)


async def test_nothing_is_given_back_to_the_broker(house: House) -> None:
    """A burst for one who wants fewer: none comes to its consumer that it does not keep, so no return is counted."""
    await house.start()
    made = await house.put()
    for number in range(1, 40, 4):
        waiting = asyncio.create_task(house.client.receive("mine", count=2, wait_s=30))
        await house.consumers(made.queue, 1)
        await house.publish(made.queue, *map(told, range(number, number + 4)))
        await waiting
        while messages := await house.client.receive("mine", count=16):
            assert [message.dequeue_count for message in messages] == [1] * len(messages)
    counts = await house.deliveries.find({}).to_list()
    assert [one["count"] for one in counts] == [1] * 40


async def test_a_stop_answers_those_who_wait(house: House) -> None:
    await house.start()
    made = await house.put()
    waiting = asyncio.create_task(house.client.receive("mine", wait_s=30))
    await house.consumers(made.queue, 1)

    await house.stop()

    assert await waiting == []


async def test_a_queue_that_goes_while_one_waits(house: House) -> None:
    await house.start()
    made = await house.put()
    waiting = asyncio.create_task(house.client.receive("mine", wait_s=30))
    await house.consumers(made.queue, 1)

    await house.client.delete_subscription("mine")

    error = await until(lambda: _failure(waiting), "the wait to end")
    assert getattr(error, "code", None) == "4440"


async def _failure(task: "asyncio.Task[object]") -> BaseException | None:
    return task.exception() if task.done() else None
