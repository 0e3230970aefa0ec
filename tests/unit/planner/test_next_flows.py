"""Flows that start from a flow: asked for once its subtask is there, and again until intake has answered."""

from datetime import timedelta

from contracts import topology
from contracts.flows import FlowState, FlowSubmit, Input, Notify, Output
from contracts.identities import flow_id, next_flow_id, next_message_id
from contracts.next_flows import FollowUp, NextState, NextView
from contracts.units import UnitRequest
from services.planner import steps
from services.planner.decide import Decision, decide
from services.planner.flow import Flow, new_flow
from services.planner.next_flows import NextSteps, answered, asked_about
from services.planner.outgoing import Outgoing
from services.planner.planned import Plan
from services.planner.views import flow_view

from .flows import MEDIA, NOW, OUTPUT, PERMANENT, accepted, cut_plan, done, whole
from .test_decide import RESEND_S, finish, keys, look

FIRST = "0" * 32
OUT = Output(storage="file:///next/")


def follow_up(number: int, of: str = "transcode-1") -> FollowUp:
    return FollowUp(
        flow_id=next_flow_id("acme", FIRST, number),
        of=of,
        procedure="stills",
        output=OUT,
        priority=3,
        notify=Notify(mode="none"),
        session_context="after",
    )


def followed(plan: Plan, *of: str) -> Flow:
    """A planned flow of two renditions, followed by one of each of these subtasks."""
    asked = accepted(2).model_copy(update={"next": [follow_up(number, one) for number, one in enumerate(of)]})
    flow = new_flow(asked, "acme", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 0.0)
    steps.planned(flow, MEDIA, plan, {}, {}, NOW)
    look(flow)
    return flow


def two() -> Plan:
    return Plan(units=[whole("transcode-1"), whole("transcode-2")])


def submitted(messages: list[Outgoing]) -> list[Outgoing]:
    return [message for message in messages if message.event.key == "flow.submit.v1"]


def states(flow: Flow) -> list[str]:
    return [one.state for one in flow_view(flow).next]


def test_it_is_asked_for_in_the_write_that_ends_its_subtask() -> None:
    flow = followed(two(), "transcode-1", "transcode-2")
    messages = finish(flow, done("whole-transcode-1", final=True))

    assert keys(messages) == ["subtask.started.v1", "subtask.finished.v1", "flow.submit.v1"]
    (message,) = submitted(messages)
    event = message.event
    assert FlowSubmit.model_validate(event.data) == FlowSubmit(
        input=Input(url=OUTPUT.url),
        output=OUT,
        procedure="stills",
        priority=3,
        notify=Notify(mode="none"),
        session_context="after",
    )
    assert (message.exchange, message.reply_to) == (topology.COMMANDS, topology.PLANNER_ANSWERS.name)
    assert (event.id, event.tenant, event.traceparent) == (next_message_id(FIRST, 0), "acme", flow.traceparent)
    assert message.correlation_id is not None
    assert asked_about(message.correlation_id) == (FIRST, 0)
    assert states(flow) == ["waiting", "waiting"]


def test_its_id_is_the_one_that_intake_will_give_it() -> None:
    flow = followed(two(), "transcode-1")
    (message,) = submitted(finish(flow, done("whole-transcode-1", final=True)))
    made = flow_id("acme", "vodflow/planner", message.event.id)
    assert [one.flow_id for one in flow_view(flow).next] == [made]


def test_asked_again_at_once_nothing_more_is_decided() -> None:
    flow = followed(two(), "transcode-1")
    finish(flow, done("whole-transcode-1", final=True))
    due = NOW + timedelta(seconds=RESEND_S)
    assert decide(flow, NOW, RESEND_S) == Decision(due_at=due, next=NextSteps(due_at=due))


def test_without_an_answer_it_is_asked_for_again_also_when_the_flow_has_ended() -> None:
    flow = followed(Plan(units=[whole("transcode-1")], failed={"transcode-2": PERMANENT}), "transcode-1")
    messages = finish(flow, done("whole-transcode-1", final=True))
    assert keys(messages)[-2:] == ["flow.submit.v1", "flow.finished.v1"]
    assert flow.state is FlowState.FINISHED
    assert decide(flow, NOW, RESEND_S).due_at == NOW + timedelta(seconds=RESEND_S)

    assert look(flow, RESEND_S - 1) == []
    (again,) = look(flow, RESEND_S)
    (first,) = submitted(messages)
    assert (again.event.id, again.event.data, again.correlation_id) == (
        first.event.id,
        first.event.data,
        first.correlation_id,
    )

    answered(flow, 0, NextState.STARTED)
    assert look(flow, RESEND_S * 9) == []
    assert decide(flow, NOW, RESEND_S) == Decision()
    assert states(flow) == ["started"]


def test_a_refusal_is_told_and_a_late_answer_changes_nothing() -> None:
    flow = followed(two(), "transcode-1")
    answered(flow, 0, NextState.STARTED)
    assert states(flow) == ["waiting"]
    finish(flow, done("whole-transcode-1", final=True))
    answered(flow, 0, NextState.REFUSED, "Code", "why")
    answered(flow, 0, NextState.STARTED)
    answered(flow, 7, NextState.STARTED)
    assert flow_view(flow).next == [
        NextView(
            flow_id=next_flow_id("acme", FIRST, 0),
            of="transcode-1",
            procedure="stills",
            state=NextState.REFUSED,
            code="Code",
            message="why",
        )
    ]


def test_nothing_follows_what_failed() -> None:
    flow = followed(two(), "transcode-1", "transcode-2")
    messages = finish(flow, done("whole-transcode-1", error=PERMANENT))
    assert submitted(messages) == []
    failed = flow_view(flow).next[0]
    assert (failed.state, failed.code) == ("not_reached", PERMANENT.code)
    assert failed.message == f"transcode-1 failed: {PERMANENT.message}"
    assert len(submitted(finish(flow, done("whole-transcode-2", final=True)))) == 1
    assert states(flow) == ["not_reached", "waiting"]


def test_an_aborted_flow_starts_nothing_but_what_was_asked_for_stands() -> None:
    flow = followed(two(), "transcode-1", "transcode-2")
    finish(flow, done("whole-transcode-1", final=True))
    flow.cancel_requested = True
    assert submitted(look(flow)) == []
    assert (flow.state, states(flow)) == (FlowState.ABORTED, ["waiting", "not_reached"])
    assert flow_view(flow).next[1].message == "transcode-2 was aborted"
    assert len(submitted(look(flow, RESEND_S))) == 1
    answered(flow, 0, NextState.STARTED)
    assert states(flow) == ["started", "not_reached"]


def test_a_source_that_cannot_be_probed_reaches_none() -> None:
    asked = accepted(1).model_copy(update={"next": [follow_up(0)]})
    flow = new_flow(asked, "acme", None, 0.0)
    steps.unplannable(flow, PERMANENT, NOW)
    messages = look(flow)
    assert keys(messages) == ["subtask.finished.v1", "flow.finished.v1"]
    assert messages[-1].event.data["flow"]["next"][0]["state"] == "not_reached"


def test_the_end_tells_the_next_flows_ids() -> None:
    flow = followed(Plan(units=[whole("transcode-1")], failed={"transcode-2": PERMANENT}), "transcode-1")
    end = finish(flow, done("whole-transcode-1", final=True))[-1].event
    assert [one["flow_id"] for one in end.data["flow"]["next"]] == [next_flow_id("acme", FIRST, 0)]


def test_who_makes_the_file_is_asked_to_look_at_it() -> None:
    def looked_at(plan: Plan, *of: str) -> dict[str, list[str]]:
        asked = accepted(2).model_copy(update={"next": [follow_up(number, one) for number, one in enumerate(of)]})
        flow = new_flow(asked, "acme", None, 0.0)
        steps.planned(flow, MEDIA, plan, {}, {}, NOW)
        messages = look(flow) + finish(flow, done("chunk-0")) + finish(flow, done("chunk-1"))
        requests = [UnitRequest.model_validate(m.event.data) for m in messages if m.event.key.endswith("request.v1")]
        return {request.unit_id: request.look_at for request in requests}

    plan = Plan(units=[*cut_plan().units, whole("transcode-2")])
    nothing: dict[str, list[str]] = {"chunk-0": [], "chunk-1": [], "merge-1": [], "whole-transcode-2": []}
    assert looked_at(plan) == nothing
    assert looked_at(plan, "transcode-1") == nothing | {"merge-1": ["file:///out/1.mp4"]}
    assert looked_at(plan, "transcode-2") == nothing | {"whole-transcode-2": ["file:///out/1.mp4"]}


def test_an_answer_to_something_else_is_nobodys() -> None:
    assert [asked_about(text) for text in ("", "x", f"{FIRST}.", f"{FIRST}.-1", f"{FIRST}.²")] == [None] * 5
