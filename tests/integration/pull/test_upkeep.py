"""Counts and purge, of a queue whoever has it; on a real broker, both drivers."""

import asyncio

import pytest

from contracts.errors import Refused
from tests.integration.pull.house import House, told
from tests.waiting import until


async def dead_count(house: House, count: int) -> None:
    async def there() -> bool:
        return (await house.client.describe_queue("mine")).dead_count == count

    await until(there, f"{count} dead letters")


async def test_counts(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put()
    assert (await house.client.describe_queue("mine")).oldest_at is None
    await house.publish(made.queue, *map(told, range(1, 8)))
    await house.client.receive("mine", count=2)
    await house.expire()
    first = await house.client.receive("mine", count=1)

    described = await house.client.describe_queue("mine")

    assert (described.active_count, described.inactive_count, described.dead_count) == (6, 1, 0)
    assert (described.queue, described.consumer_count) == (made.queue, 0)
    assert described.oldest_at == first[0].enqueued_at


async def test_native_consumers_are_told_from_those_who_wait(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put()
    waits = [asyncio.create_task(house.client.receive("mine", wait_s=30)) for _ in range(6)]
    await house.consumers(made.queue, 6)

    async def counted(count: int) -> bool:
        """Whichever replica is asked."""
        described = [await house.client.describe_queue("mine") for _ in range(6)]
        return {one.consumer_count for one in described} == {count}

    await until(lambda: counted(0), "all six to be known as waits")
    async with house.native_consumer(made.queue):
        await until(lambda: counted(1), "the native consumer to be seen")
    await house.publish(made.queue, *map(told, range(1, 7)))
    await asyncio.gather(*waits)
    await until(lambda: counted(0), "nobody to be left")


async def test_purge(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put(dead_letters={"max_receive_count": 5})
    await house.publish(made.queue, *map(told, range(1, 6)))
    await house.publish(made.dead_queue, told(9))
    received = await house.client.receive("mine", count=2)

    assert await house.client.purge("mine") == 5

    assert (await house.client.delete_received("mine", [received[0].handle])).code == "6020"
    described = await house.client.describe_queue("mine")
    assert (described.active_count, described.inactive_count, described.dead_count) == (0, 0, 1)
    assert await house.client.purge("mine", dead=True) == 1
    assert (await house.client.describe_queue("mine")).dead_count == 0


async def test_what_is_posted_is_not_received_but_looked_after(house: House) -> None:
    await house.start()
    made = await house.put(endpoint={"kind": "http", "url": "https://example.org/hook"})
    for action in (house.client.receive("mine"), house.client.pull_events(name="mine")):
        with pytest.raises(Refused, match=r"posted to https://example\.org/hook") as refused:
            await action
        assert refused.value.field == "name"
    await house.publish(made.dead_queue, told(1), told(2))
    await dead_count(house, 2)
    assert await house.client.redrive("mine", count=1) == 1
    assert await house.client.purge("mine", dead=True) == 1


@pytest.mark.parametrize("name", ["nothing", "events"])
async def test_a_queue_that_is_not_there(house: House, name: str) -> None:
    await house.start()
    client = house.client
    every = [client.receive(name), client.delete_received(name, ["x"]), client.describe_queue(name)]
    more = [client.redrive(name), client.purge(name), client.pull_events(name=name), client.confirm_events(["x"])]
    for action in (*every, *more, client.count_events_to_pull(name=name)):
        with pytest.raises(Refused, match="put") as refused:
            await action
        assert (refused.value.code, refused.value.field) == ("4440", "name")
