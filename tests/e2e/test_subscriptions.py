"""A tenant's own queue of events, kept until it confirms them."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

import pytest

from contracts.errors import Refused
from contracts.flows import FlowSubmit
from contracts.procedures import ProcedurePut
from contracts.subscriptions import SubscriptionPut
from tests.e2e import plain, sources
from tests.e2e.desk import ONE_PICTURE, Desk

Keys = list[str]


async def kept(desk: Desk, name: str) -> list[tuple[str, Keys]]:
    """What waits in the subscription's queue by now, confirmed: (flow, keys) in order of flows.

    A last flow is run to its end, and its end waited for: whatever was said before it is there by then.
    """
    flow_id = await desk.submit(sources.TRUNCATED, ONE_PICTURE)
    told: dict[str, Keys] = {}
    async with aclosing(desk.client.events(name)) as deliveries:
        async for delivery in deliveries:
            event = delivery.event
            assert event.flowid is not None
            told.setdefault(event.flowid, []).append(event.key)
            await delivery.confirm()
            if (event.flowid, event.key) == (flow_id, "flow.finished.v1"):
                break
    told.pop(flow_id)
    return list(told.items())


async def test_events_wait_in_the_queue_until_they_are_confirmed(desk: Desk) -> None:
    stored = await desk.client.put_subscription(SubscriptionPut(name="orders", mode="change"))
    tenant = stored.queue.split(".")[2]
    assert stored.queue == f"vodflow.subscriber.{tenant}.orders"
    assert [one.name for one in await desk.client.list_subscriptions()] == ["orders"]
    flow_id = await desk.submit(sources.SHORT, ONE_PICTURE, notify={"mode": "change"})
    await desk.ended(flow_id)
    told = [event["id"] for event in desk.recorder.of(flow_id)]

    for _ in range(2):
        async with aclosing(desk.client.events("orders")) as deliveries:
            seen: list[str] = []
            async for delivery in deliveries:
                seen.append(delivery.event.id)
                if delivery.event.key == "flow.finished.v1":
                    break
        assert seen == told, "unconfirmed: they come again, in the same order"

    assert await kept(desk, "orders") == [(flow_id, [event["type"][8:] for event in desk.recorder.of(flow_id)])]
    assert plain.waiting(desk.amqp_url, stored.queue) == []


async def test_both_modes_decide_what_is_kept(desk: Desk) -> None:
    await desk.client.put_subscription(SubscriptionPut(name="all", mode="change"))
    await desk.client.put_subscription(SubscriptionPut(name="ends", mode="finish"))
    flows = {
        mode: await desk.submit(sources.TRUNCATED, ONE_PICTURE, notify={"mode": mode})
        for mode in ("none", "finish", "change")
    }
    for flow_id in flows.values():
        await desk.ended(flow_id)
    every = [event["type"][8:] for event in desk.recorder.of(flows["change"])]
    last = ["flow.finished.v1"]
    assert dict(await kept(desk, "all")) == {flows["finish"]: last, flows["change"]: every}
    assert dict(await kept(desk, "ends"))[flows["change"]] == last


async def test_patterns_choose_by_key(desk: Desk) -> None:
    await desk.client.put_subscription(
        SubscriptionPut(name="some", patterns=["subtask.#", "flow.accepted.*", "flow.finished.v1"])
    )
    flow_id = await desk.submit(sources.SHORT, ONE_PICTURE, notify={"mode": "change"})
    await desk.ended(flow_id)
    ((_, keys),) = await kept(desk, "some")
    assert keys == [
        event["type"][8:] for event in desk.recorder.of(flow_id) if not event["type"].startswith("vodflow.flow.started")
        if "flow.progressed" not in event["type"]
    ]  # fmt: skip


async def test_tags_choose_by_procedure_and_outcome(desk: Desk) -> None:
    tags = {
        "fails": {"outcome": ["failed"]},
        "named": {"procedure": ["mine"]},
        "both": {"procedure": ["mine"], "outcome": ["success"]},
    }
    await desk.client.put_procedure(ProcedurePut.model_validate({"name": "mine", "tasks": ONE_PICTURE}))
    for name, wanted in tags.items():
        await desk.client.put_subscription(SubscriptionPut.model_validate({"name": name, "tags": wanted}))
    broken = await desk.submit(sources.TRUNCATED, ONE_PICTURE, notify={"mode": "change"})
    await desk.ended(broken)
    asked = {"input": {"url": desk.put_in(sources.SHORT)}, "output": {"storage": desk.out()}, "procedure": "mine"}
    good = (await desk.client.submit(FlowSubmit.model_validate({**asked, "notify": {"mode": "change"}}))).flow_id
    await desk.ended(good)

    told = [event["type"][8:] for event in desk.recorder.of(good)]
    assert {event.get("procedure") for event in desk.recorder.of(good)} == {"mine"}
    assert {event.get("procedure") for event in desk.recorder.of(broken)} == {None}
    ends = ["subtask.finished.v1", "flow.finished.v1"]
    assert dict(await kept(desk, "fails")) == {broken: ends}
    assert [key for _, keys in await drained(desk, "named") for key in keys] == told
    assert await drained(desk, "both") == [(good, ends)]


async def drained(desk: Desk, name: str) -> list[tuple[str, Keys]]:
    """What is in a queue that the last flow of `kept` does not come to."""
    told: dict[str, Keys] = {}
    async with aclosing(desk.client.events(name, follow=False)) as deliveries:
        async for delivery in deliveries:
            assert delivery.event.flowid is not None
            told.setdefault(delivery.event.flowid, []).append(delivery.event.key)
            await delivery.confirm()
    return list(told.items())


async def test_a_subscription_changes_in_place_and_goes_with_its_queue(desk: Desk) -> None:
    first = await desk.client.put_subscription(SubscriptionPut(name="changing", mode="finish"))
    second = await desk.client.put_subscription(SubscriptionPut(name="changing", patterns=["flow.finished.v1"]))
    assert (second.queue, second.created_at, second.mode) == (first.queue, first.created_at, "change")
    assert plain.queue_exists(desk.amqp_url, first.queue)

    await desk.client.delete_subscription("changing")
    assert not plain.queue_exists(desk.amqp_url, first.queue)
    assert await desk.client.list_subscriptions() == []
    with pytest.raises(Refused) as refused:
        await desk.client.delete_subscription("changing")
    assert (refused.value.code, refused.value.field) == ("ResourceNotFound.SubscriptionNotFound", "name")


async def test_another_tenant_sees_nothing(desk: Desk, desk_of: Callable[[str], Awaitable[Desk]]) -> None:
    other: Any = await desk_of("t-stranger")
    await other.client.put_subscription(SubscriptionPut(name="mine"))
    await desk.client.put_subscription(SubscriptionPut(name="mine"))
    flow_id = await desk.submit(sources.TRUNCATED, ONE_PICTURE)
    await desk.ended(flow_id)
    assert [one for one, _ in await kept(desk, "mine")] == [flow_id]
    assert await kept(other, "mine") == []
    assert [one.queue for one in await other.client.list_subscriptions()] == ["vodflow.subscriber.t-stranger.mine"]
    await other.client.delete_subscription("mine")
    assert len(await desk.client.list_subscriptions()) == 1
