"""The contract as a system in another language meets it: pika and JSON written by hand."""

import asyncio
import json
from typing import Any

import pika

from tests.e2e import plain, sources
from tests.e2e.desk import ONE_PICTURE, SMALL_RENDITION, Desk
from tests.e2e.recorder import TERMINAL

SUBMIT = "flow.submit.v1"


def submit(desk: Desk, **members: Any) -> dict[str, Any]:
    data = {
        "input": {"url": desk.put_in(sources.SHORT)},
        "output": {"storage": desk.out()},
        "tasks": ONE_PICTURE,
        **members,
    }
    return plain.event(SUBMIT, data, tenant="plain")


def events_to_the_end(amqp_url: str, message: dict[str, Any]) -> tuple[plain.Answer, list[dict[str, Any]]]:
    """Bind a queue of our own, submit, and read the flow's events until the last."""
    with plain.channel(amqp_url) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        for key in ("flow.*.v1", "subtask.*.v1"):
            channel.queue_bind(queue, "vodflow.events", key)
        answer = plain.ask(amqp_url, SUBMIT, message, correlation_id="order-4711/1")
        flow_id = answer.data["flow_id"]
        seen: list[dict[str, Any]] = []
        for _, properties, body in channel.consume(queue, auto_ack=True, inactivity_timeout=60):
            assert body is not None, f"silence after {[event['type'] for event in seen]}"
            event = json.loads(body)
            if event["flowid"] != flow_id:
                continue
            assert properties.content_type == "application/cloudevents+json"
            assert properties.delivery_mode == pika.DeliveryMode.Persistent.value
            assert properties.message_id == event["id"]
            seen.append(event)
            if event["type"] == TERMINAL:
                return answer, seen
    raise AssertionError("unreachable")


async def test_submit_is_answered_and_every_step_is_told_in_sequence(desk: Desk) -> None:
    message = submit(desk, tasks={**ONE_PICTURE, **SMALL_RENDITION}, session_context="opaque")
    answer, events = await asyncio.to_thread(events_to_the_end, desk.amqp_url, message)

    assert answer.type == "vodflow.flow.accepted.v1"
    assert answer.correlation_id == "order-4711/1"
    assert answer.content_type == "application/cloudevents+json"
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert events[0] == answer.event
    types = [event["type"].removeprefix("vodflow.") for event in events]
    assert types[:2] == ["flow.accepted.v1", "flow.started.v1"]
    assert types.count("flow.finished.v1") == 1
    assert types.count("subtask.started.v1") == types.count("subtask.finished.v1") == 2
    assert {event["specversion"] for event in events} == {"1.0"}
    flow = events[-1]["data"]["flow"]
    assert (flow["state"], flow["outcome"], flow["session_context"]) == ("finished", "success", "opaque")


async def test_the_same_message_gets_the_same_answer_and_no_second_flow(desk: Desk) -> None:
    message = submit(desk, session_id="")
    first = plain.ask(desk.amqp_url, SUBMIT, message)
    await desk.recorded_end(first.data["flow_id"])
    again = plain.ask(desk.amqp_url, SUBMIT, message)
    assert again.event == first.event
    other = plain.ask(desk.amqp_url, SUBMIT, {**submit(desk), "id": "another"})
    await desk.recorded_end(other.data["flow_id"])
    flow_ids = [event["flowid"] for event in desk.recorder.all() if event["type"] == TERMINAL]
    assert flow_ids.count(first.data["flow_id"]) == 1


async def test_a_session_id_is_taken_for_three_days(desk: Desk) -> None:
    message = submit(desk, session_id="order-4711")
    first = plain.ask(desk.amqp_url, SUBMIT, message)
    refused = plain.ask(desk.amqp_url, SUBMIT, submit(desk, session_id="order-4711"))
    assert refused.type == "vodflow.flow.rejected.v1"
    assert refused.refusal == ("FailedOperation.TaskDuplicate", "session_id")
    assert first.data["flow_id"] in refused.data["message"]
    assert plain.ask(desk.amqp_url, SUBMIT, message).event == first.event
    elsewhere = {**submit(desk, session_id="order-4711"), "tenant": "another"}
    assert plain.ask(desk.amqp_url, SUBMIT, elsewhere).type == "vodflow.flow.accepted.v1"
    await desk.recorded_end(first.data["flow_id"])


async def test_no_answer_is_sent_when_none_is_wanted(desk: Desk) -> None:
    message = submit(desk, session_id="silent")
    plain.tell(desk.amqp_url, SUBMIT, message)
    refused = await desk.until(lambda: _duplicate(desk, submit(desk, session_id="silent")), "the flow")
    flow_id = refused.data["message"].split()[-1]
    end = await desk.recorded_end(flow_id)
    assert end["data"]["flow"]["outcome"] == "success"


def _duplicate(desk: Desk, message: dict[str, Any]) -> plain.Answer | None:
    answer = plain.ask(desk.amqp_url, SUBMIT, message)
    return answer if answer.type == "vodflow.flow.rejected.v1" else None


async def test_many_at_once_with_one_session_id_are_one_flow(desk: Desk) -> None:
    messages = [submit(desk, session_id="order-4712") for _ in range(5)]
    answers = await asyncio.gather(*(asyncio.to_thread(plain.ask, desk.amqp_url, SUBMIT, one) for one in messages))
    accepted = [answer for answer in answers if answer.type == "vodflow.flow.accepted.v1"]
    assert len(accepted) == 1
    refusals = [answer for answer in answers if answer not in accepted]
    assert {answer.refusal for answer in refusals} == {("FailedOperation.TaskDuplicate", "session_id")}
    assert all(accepted[0].data["flow_id"] in answer.data["message"] for answer in refusals)
    await desk.recorded_end(accepted[0].data["flow_id"])


async def test_one_message_many_times_at_once_is_one_flow(desk: Desk) -> None:
    message = submit(desk)
    asking = (asyncio.to_thread(plain.ask, desk.amqp_url, SUBMIT, message) for _ in range(5))
    first, *others = await asyncio.gather(*asking)
    assert all(other.event == first.event for other in others)
    await desk.recorded_end(first.data["flow_id"])
    listed = plain.ask(desk.amqp_url, "flow.describe.v1", describe(first.data["flow_id"]))
    assert listed.data["flow"]["outcome"] == "success"


def describe(flow_id: str) -> dict[str, Any]:
    return plain.event("flow.describe.v1", {"flow_id": flow_id}, tenant="plain")
