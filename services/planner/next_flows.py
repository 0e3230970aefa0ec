"""Flows that start from a flow: when they are asked for, how, and what is known of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts import topology
from contracts.flows import FlowSubmit, Input
from contracts.identities import next_message_id
from contracts.next_flows import NextState, NextView
from contracts.subtasks import SubtaskState
from contracts.units import MergeWork, TranscodeWork

from .flow import Flow, NextRecord, UnitRecord
from .outgoing import Outgoing


@dataclass(frozen=True)
class NextSteps:
    """What to do about next flows, by their number."""

    submit: tuple[int, ...] = ()
    """Those to ask intake for: the first time, or again when no answer was heard for long."""
    unreached: tuple[int, ...] = ()
    """Those of which nothing comes, because their subtask made nothing."""
    due_at: datetime | None = None


def next_steps(flow: Flow, ends: Mapping[str, bool], now: datetime, resend: timedelta) -> NextSteps:
    """What to do; `ends` tells of the subtasks that have ended, by id, whether in success."""
    submit, unreached, due = [], [], []
    for number, record in enumerate(flow.next):
        good = ends.get(record.planned.of)
        if record.state is not NextState.WAITING or good is None:
            continue
        if not good:
            unreached.append(number)
        elif record.asked_at is None or record.asked_at + resend <= now:
            submit.append(number)
            due.append(now + resend)
        else:
            due.append(record.asked_at + resend)
    return NextSteps(tuple(submit), tuple(unreached), min(due, default=None))


def follow(flow: Flow, steps: NextSteps, now: datetime, say: Any) -> list[Outgoing]:
    """Write down what was decided, once the subtasks' own ends are; the commands to be published."""
    for number in steps.unreached:
        record = flow.next[number]
        ended = flow.subtask(record.planned.of)
        failed = ended.state is SubtaskState.FAILED
        record.state, record.code = NextState.NOT_REACHED, ended.code
        record.message = f"{ended.subtask_id} failed: {ended.message}" if failed else f"{ended.subtask_id} was aborted"
    return [_submission(flow, number, now, say) for number in steps.submit]


def _submission(flow: Flow, number: int, now: datetime, say: Any) -> Outgoing:
    """The command, the same however often it is sent: intake takes its repeats for one."""
    record = flow.next[number]
    record.asked_at = now
    planned = record.planned
    output: Any = flow.subtask(planned.of).output
    command = FlowSubmit(
        input=Input(url=output.url),
        output=planned.output,
        procedure=planned.procedure,
        session_context=planned.session_context,
        priority=planned.priority,
        notify=planned.notify,
    )
    message: Outgoing = say(
        topology.COMMANDS,
        "flow.submit.v1",
        command,
        id=next_message_id(flow.flow_id, number),
        tenant=flow.tenant,
        traceparent=flow.traceparent,
    )
    answer = {"reply_to": topology.PLANNER_ANSWERS.name, "correlation_id": f"{flow.flow_id}.{number}"}
    return message.model_copy(update=answer)


def asked_about(correlation_id: str) -> tuple[str, int] | None:
    """Whose next flow an answer is about, and which one; None for what is no answer to a command of ours."""
    flow_id, _, number = correlation_id.partition(".")
    return (flow_id, int(number)) if number.isascii() and number.isdigit() else None


def answered(flow: Flow, number: int, state: NextState, code: str = "", message: str = "") -> None:
    """Intake has taken a next flow, or refused it. A repeat changes nothing."""
    record = flow.next[number] if number < len(flow.next) else None
    if record is not None and record.state is NextState.WAITING and record.asked_at is not None:
        record.state, record.code, record.message = state, code, message


def look_at(flow: Flow, unit: UnitRecord) -> list[str]:
    """The results of a unit that next flows start with: looked at where they are made, nobody has to fetch them."""
    wanted = {record.planned.of for record in flow.next}
    work = unit.planned.work
    if isinstance(work, MergeWork):
        return [work.url] if work.subtask_id in wanted else []
    if isinstance(work, TranscodeWork):
        return [one.url for one in work.outputs if one.url is not None and one.subtask_id in wanted]
    return []


def next_views(flow: Flow) -> list[NextView]:
    """Next flows as users see them."""
    return [_view(record) for record in flow.next]


def _view(record: NextRecord) -> NextView:
    planned = record.planned
    return NextView(
        flow_id=planned.flow_id,
        of=planned.of,
        procedure=planned.procedure,
        state=record.state,
        code=record.code,
        message=record.message,
    )
