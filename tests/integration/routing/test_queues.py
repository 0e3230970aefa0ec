"""The queues of a subscription: there as long as it is, kept by a put, and what they give up in the dead letters."""

import asyncio
from typing import Any

import aio_pika

from contracts.subscriptions import SubscriptionModify, SubscriptionView
from contracts.topology import dead_queue
from tests.integration.routing.house import House
from tests.waiting import until


async def modified(house: House, name: str, **members: Any) -> SubscriptionView:
    return await house.client.modify_subscription(SubscriptionModify.model_validate({"name": name, **members}))


async def test_puts_and_deletions_of_one_name_leave_the_queue_with_the_subscription(house: House) -> None:
    await house.start()
    await house.start()
    for _ in range(6):
        await asyncio.gather(
            *(house.subscribed() for _ in range(3)),
            *(house.client.delete_subscription("mine") for _ in range(2)),
            return_exceptions=True,
        )
        found = await house.subscriptions.find(house.tenant, "mine")
        assert await house.desk.exists(f"vodflow.subscriber.{house.tenant}.mine") is (found is not None)


async def test_a_put_keeps_the_queue_with_what_waits_in_it(house: House) -> None:
    await house.start()
    subscription = await house.subscribed(dead_letters={"max_receive_count": 3})
    event = house.event("f" * 32, 1)
    await house.tell(event)
    await house.emptied()

    await house.subscribed(dead_letters={"max_receive_count": 3}, mode="finish", retention_s=60)

    assert (await house.desk.event(subscription.queue)).id == event.id


async def test_a_queue_of_an_earlier_release_survives_a_put(house: House) -> None:
    await house.start()
    subscription = await house.subscribed()
    await house.desk.delete(subscription.queue)
    async with await aio_pika.connect(house.settings.amqp_url) as connection:
        channel = await connection.channel()
        await channel.declare_queue(subscription.queue, durable=True, arguments={"x-queue-type": "quorum"})
        await channel.default_exchange.publish(aio_pika.Message(b"kept"), subscription.queue)

    await house.subscribed(mode="finish")

    assert (await house.desk.take(subscription.queue)).body == b"kept"


async def test_what_is_given_up_goes_to_the_dead_letters_as_the_policy_says_now(house: House) -> None:
    """RabbitMQ routes by `x-first-death-queue` and `x-first-death-reason`; an earlier policy's bindings are gone."""
    await house.start()
    subscription = await house.subscribed(dead_letters={"max_age_s": 300})
    dead = subscription.dead_queue
    assert dead == dead_queue(subscription.queue)

    async def given_up(*, expired: bool) -> None:
        async with await aio_pika.connect(house.settings.amqp_url) as connection:
            channel = await connection.channel()
            exchange = channel.default_exchange
            if expired:
                await exchange.publish(aio_pika.Message(b"expired", expiration=0.001), subscription.queue)
                return
            await exchange.publish(aio_pika.Message(b"rejected"), subscription.queue)
            queue = await channel.get_queue(subscription.queue)
            message = await queue.get(timeout=5)
            assert message is not None
            await message.reject(requeue=False)

    await given_up(expired=True)
    assert (await house.desk.take(dead)).body == b"expired"
    await given_up(expired=False)
    assert (await house.desk.take(dead)).body == b"rejected"

    await modified(house, "mine", dead_letters=None)
    await given_up(expired=True)
    await given_up(expired=False)
    await modified(house, "mine", dead_letters={"max_age_s": 600})
    await given_up(expired=False)
    assert (await house.desk.take(dead)).body == b"rejected"

    async def empty() -> bool:
        return await house.desk.waiting(dead) == 0

    await until(empty, "nothing of the time without a policy")
    await house.client.delete_subscription("mine")
    assert not await house.desk.exists(dead)


async def test_what_was_received_too_often_goes_to_the_dead_letters(house: House) -> None:
    await house.start()
    subscription = await house.subscribed(dead_letters={"max_receive_count": 2})
    await house.tell(house.event("f" * 32, 1))
    await house.emptied()
    async with await aio_pika.connect(house.settings.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.get_queue(subscription.queue)
        for _ in range(2):
            message = await until(lambda: queue.get(fail=False), "the event")
            await message.nack(requeue=True)

    assert (await house.desk.event(subscription.dead_queue)).sequence == 1
