"""Callbacks while receivers, notifiers and the broker go away: every event comes, with its id, in order by flow."""

import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from contracts.offering import Http, Strategy
from contracts.subscriptions import SubscriptionPut
from tests.faults.house import House
from tests.integration.callbacks.receivers import Got, Receiver, always, receiving
from tests.waiting import until


@asynccontextmanager
async def posted(house: House, strategy: Strategy = "EXPONENTIAL_DECAY_RETRY") -> AsyncIterator[Receiver]:
    """A receiver of every event."""
    async with receiving() as receiver:
        endpoint = Http(url=receiver.url(), strategy=strategy, secret="0123456789abcdef")
        await house.client.put_subscription(SubscriptionPut(name="posted", endpoint=endpoint))
        try:
            yield receiver
        finally:
            await house.client.delete_subscription("posted")


def told(got: list[Got], flow_id: str) -> list[dict[str, Any]]:
    """A flow's events in the order of their first coming, repeats left out; a repeat with another id fails."""
    first: dict[int, dict[str, Any]] = {}
    for one in got:
        event = json.loads(one.body)
        if event["flowid"] == flow_id:
            assert first.setdefault(event["sequence"], event)["id"] == event["id"]
    return list(first.values())


async def at_its_end(receiver: Receiver, flow_id: str) -> list[dict[str, Any]]:
    """Wait until every event of an ended flow was taken; they in the order of their first coming."""

    async def whole() -> bool:
        events = told(receiver.done, flow_id)
        last = [event["sequence"] for event in events if event["type"] == "vodflow.flow.finished.v1"]
        return bool(last) and len(events) == last[0]

    await until(whole, "every event of the flow")
    return told(receiver.done, flow_id)


async def test_a_receiver_down_and_up_with_the_notifier_killed_in_between(house: House) -> None:
    async with posted(house) as receiver:
        house.close("transcoder")
        flow_id = await house.submit()
        await house.running_unit("transcode", flow_id)
        await receiver.has(2)
        await receiver.stop()
        house.open("transcoder")
        await house.ended(flow_id)
        await house.kill("notifier")
        await house.all_ready()
        await house.send(house.of("notifier"), signal.SIGKILL)
        await receiver.start()
        events = await at_its_end(receiver, flow_id)
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))


async def test_a_notifier_killed_in_the_middle_of_posts(house: House) -> None:
    async with posted(house, "BACKOFF_RETRY") as receiver:
        flow_id = await house.submit()
        await receiver.has(1)
        for count in (2, 3):
            await house.kill("notifier")
            await receiver.has(count)
        await house.ended(flow_id)
        events = await at_its_end(receiver, flow_id)
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))


async def test_a_broker_restarted_with_events_put_aside(house: House) -> None:
    """What is due meanwhile comes all the same."""
    rabbitmq = house.stack.rabbitmq
    assert rabbitmq is not None
    async with posted(house) as receiver:
        receiver.answer = always(503)
        flow_id = await house.submit()
        await house.ended(flow_id)
        await house.call(rabbitmq.stop())
        receiver.answer = always(200)
        await house.call(rabbitmq.start())
        events = await at_its_end(receiver, flow_id)
        assert len({event["id"] for event in events}) == len(events)


@pytest.mark.parametrize("strategy", ["BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY"])
async def test_a_paused_notifier_is_overtaken(house: House, strategy: Strategy) -> None:
    """One of two posts; whichever is paused, the other goes on. What the one does when it wakes up changes nothing."""
    flows = []
    async with house.another("notifier"), posted(house, strategy) as receiver:
        for paused in house.stack.services.of("notifier"):
            flows.append(await house.submit())
            await receiver.has(len(told(receiver.done, flows[0])) + 1)
            await house.send(paused, signal.SIGSTOP)
            try:
                await house.ended(flows[-1])
                await at_its_end(receiver, flows[-1])
            finally:
                await house.send(paused, signal.SIGCONT)
            await house.all_ready()
        flows.append(await house.submit())
        await house.ended(flows[-1])
        await at_its_end(receiver, flows[-1])
        for flow_id in flows:
            events = told(receiver.done, flow_id)
            assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
