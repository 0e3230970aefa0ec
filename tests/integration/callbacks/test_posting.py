"""What is posted, and in what form."""

import asyncio
import json

import pytest

from contracts.signing import verify
from services.notifier.callbacks import callbacks as callbacks_module
from tests.integration.callbacks.house import SECRET, House, event
from tests.integration.callbacks.receivers import Receiver, always
from tests.waiting import until


async def test_the_event_as_it_was_published_and_signed(house: House, receiver: Receiver) -> None:
    subscription = await house.put(receiver.url())
    async with house.replica():
        told = event("f", 1)
        await house.tell(subscription, told)
        await receiver.has(1)
    (got,) = receiver.got
    assert got.body == told.to_json()
    assert got.headers["Content-Type"] == "application/cloudevents+json"
    assert got.headers["X-Vodflow-Subscription"] == "hook"
    assert got.headers["X-Vodflow-Delivery-Attempt"] == "1"
    verify(got.body, got.headers, SECRET)
    await house.empty(subscription)


async def test_the_data_alone_with_the_attributes_as_headers(house: House, receiver: Receiver) -> None:
    subscription = await house.put(receiver.url(), content_format="SIMPLIFIED")
    async with house.replica():
        await house.tell(subscription, event("f", 1, procedure='größe "1"'))
        await receiver.has(1)
    (got,) = receiver.got
    assert json.loads(got.body) == {"progress_percent": 1, "name": "ä b"}
    assert got.headers["Content-Type"] == "application/json"
    told = {name: value for name, value in got.headers.items() if name.startswith("ce-")}
    assert told == {
        "ce-specversion": "1.0",
        "ce-id": event("f", 1).id,
        "ce-source": "vodflow/test",
        "ce-type": "vodflow.subtask.progressed.v1",
        "ce-flowid": "f",
        "ce-sequence": "1",
        "ce-tenant": "acme",
        "ce-procedure": "gr%C3%B6%C3%9Fe%20%221%22",
    }
    verify(got.body, got.headers, SECRET)


async def test_without_a_secret_without_a_signature(house: House, receiver: Receiver) -> None:
    subscription = await house.put(receiver.url(), secret=None)
    async with house.replica():
        await house.tell(subscription, event("f", 1))
        await receiver.has(1)
    assert "X-Vodflow-Signature" not in receiver.got[0].headers
    assert "X-Vodflow-Timestamp" in receiver.got[0].headers


async def test_a_change_counts_from_the_next_try(house: House, receiver: Receiver) -> None:
    receiver.answer = always(500)
    subscription = await house.put(receiver.url("/old"), strategy="BACKOFF_RETRY")
    async with house.replica():
        await house.tell(subscription, event("f", 1))
        await house.dead(subscription)
        await house.put(receiver.url("/new"), strategy="BACKOFF_RETRY", secret="another secret of 16")

        async def moved() -> bool:
            await house.tell(subscription, event("f", 2))
            return receiver.got[-1].path == "/new"

        await until(moved, "a post to the new address")
    verify(receiver.got[-1].body, receiver.got[-1].headers, "another secret of 16")


async def test_another_strategy_takes_over(house: House, receiver: Receiver) -> None:
    subscription = await house.put(receiver.url(), strategy="BACKOFF_RETRY")
    async with house.replica():
        await house.tell(subscription, event("f", 1))
        await receiver.has(1)
        await house.put(receiver.url(), strategy="EXPONENTIAL_DECAY_RETRY")
        receiver.answer = always(500)

        async def aside() -> bool:
            await house.tell(subscription, event("f", 2))
            queue = await house.queue("vodflow.delay.1")
            return (queue.declaration_result.message_count or 0) > 0

        await until(aside, "an event put aside")


async def test_a_subscription_that_goes_and_comes(house: House, receiver: Receiver) -> None:
    subscription = await house.put(receiver.url())
    async with house.replica():
        await house.tell(subscription, event("f", 1))
        await receiver.has(1)
        await house.delete(subscription)
        again = await house.put(receiver.url())
        await house.tell(again, event("f", 2))
        await receiver.has(2)
        await house.delete(again)
        other = await house.put(receiver.url(), "other")
        await house.tell(other, event("f", 3))
        await receiver.has(3)


async def test_one_that_is_made_anew_has_nothing_posted_to_the_former_address(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its queue has the same name: a consumer that has lost it comes back before anybody has seen the change."""
    former = await house.put(receiver.url("/former"))
    async with house.replica() as callbacks:
        await house.tell(former, event("f", 1))
        await receiver.has(1)
        monkeypatch.setattr(callbacks_module, "LOOK_S", 3.0)
        await asyncio.sleep(0.5)
        await house.delete(former)

        async def lost() -> bool:
            return callbacks.attached == 0

        await until(lost, "the consumer to have lost its queue")
        again = await house.put(receiver.url("/new"))
        await house.tell(again, event("f", 2))
        await receiver.has(2)
    assert [one.path for one in receiver.got] == ["/former", "/new"]
