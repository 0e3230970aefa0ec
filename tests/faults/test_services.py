"""The services that keep state killed at every step: flows end all the same, each event has one id."""

import asyncio
import signal
from contextlib import aclosing
from uuid import uuid4

import pytest

from contracts.envelope import CloudEvent
from contracts.flows import FlowAccepted
from contracts.subscriptions import SubscriptionPut
from tests.faults.house import House
from tests.waiting import until


async def test_a_planner_killed_right_after_a_flow_was_accepted(house: House) -> None:
    flow_id = await house.submit()
    await house.kill("planner")

    await house.ended(flow_id)


async def test_a_planner_killed_when_the_flow_is_planned(house: House) -> None:
    house.close("transcoder")
    flow_id = await house.submit()
    await house.flow(flow_id, state="processing")
    await house.kill("planner")
    house.open("transcoder")

    await house.ended(flow_id)


async def test_a_planner_killed_while_units_run(house: House) -> None:
    house.close("transcoder")
    flow_id = await house.submit()
    await house.running_unit("transcode", flow_id)
    house.open("transcoder")
    await house.unit("transcode", flow_id, lambda unit: unit["state"] == "ended", "a unit that has ended")
    await house.kill("planner")

    await house.ended(flow_id)


async def test_a_planner_killed_while_the_last_results_come(house: House) -> None:
    house.close("merger")
    flow_id = await house.submit()
    await house.running_unit("merge", flow_id)
    await house.kill("planner")
    house.open("merger")
    await house.unit("merge", flow_id, lambda unit: unit["state"] == "ended", "the merge to end")

    await house.ended(flow_id)


async def test_a_planner_killed_when_the_flow_has_ended(house: House) -> None:
    flow_id = await house.submit()
    await house.flow(flow_id, state="finished")
    await house.kill("planner")

    await house.ended(flow_id)


@pytest.mark.parametrize("moment", ["published", "stored", "told"])
async def test_an_intake_killed_while_it_accepts_makes_one_flow_and_one_answer(house: House, moment: str) -> None:
    command = house.asked()
    await house.force_cuts()
    submissions = house.store.collection("submissions")
    known = {found["_id"] for found in await submissions.find({}, {"_id": 1}).to_list(1000)}

    async def stored() -> str | None:
        found = await submissions.find({}, {"_id": 1}).to_list(1000)
        return next((one["_id"] for one in found if one["_id"] not in known), None)

    async def told() -> bool:
        return await stored() is not None and not await submissions.find({"untold": True}).to_list(1000)

    message_id = f"{moment}-{uuid4().hex}"
    first = asyncio.create_task(house.client.submit(command, message_id=message_id))
    if moment == "stored":
        await until(stored, "the submission")
    elif moment == "told":
        await until(told, "the flow to be told")
    else:
        await asyncio.sleep(0)
    await house.kill("intake")

    answers: list[FlowAccepted] = [
        await house.client.submit(command, message_id=message_id),
        await house.client.submit(command, message_id=message_id),
        await first,
    ]

    assert len({answer.model_dump_json() for answer in answers}) == 1
    await house.ended(answers[0].flow_id)
    now = {found["_id"] for found in await submissions.find({}, {"_id": 1}).to_list(1000)}
    assert now - known == {answers[0].flow_id}


async def test_a_notifier_killed_on_the_way_loses_no_event_and_keeps_their_order(house: House) -> None:
    await house.client.put_subscription(SubscriptionPut(name="watchful"))
    try:
        house.close("transcoder")
        flow_id = await house.submit()
        await house.running_unit("transcode", flow_id)
        await house.kill("notifier")
        house.open("transcoder")
        await house.unit("transcode", flow_id, lambda unit: unit["state"] == "ended", "a unit that has ended")
        notifier = house.of("notifier")
        await until(lambda: _some(notifier.pid), "the notifier to be started again")
        await house.send(notifier, signal.SIGKILL)
        await house.ended(flow_id)
        told = await _events(house, flow_id)
    finally:
        await house.client.delete_subscription("watchful")

    first: dict[int, str] = {}
    for event in told:
        assert event.sequence is not None
        assert first.setdefault(event.sequence, event.id) == event.id
        assert event.sequence <= len(first), "an event came before what goes before it"


async def _some(value: int | None) -> int | None:
    return value


async def _events(house: House, flow_id: str) -> list[CloudEvent]:
    """What the subscriber's queue holds of a flow, up to its end."""
    told: list[CloudEvent] = []
    async with asyncio.timeout(60), aclosing(house.client.events("watchful")) as deliveries:
        async for delivery in deliveries:
            await delivery.confirm()
            if delivery.event.flowid == flow_id:
                told.append(delivery.event)
                if delivery.event.key == "flow.finished.v1":
                    return told
    return told
