"""A decision carried out on a flow: its new state and the messages that tell of it. Pure."""

from collections.abc import Callable
from datetime import datetime

from contracts import topology
from contracts.edits import EditFinished
from contracts.envelope import event_id
from contracts.flows import FlowFinished, FlowProgressed, FlowStarted, FlowState
from contracts.model import Model
from contracts.subtasks import EditMedia, SubtaskEvent, SubtaskState, SubtaskView
from contracts.units import UnitCancel, UnitRequest, WorkerKind

from .decide import Decision, SubtaskEnd
from .flow import Flow, UnitRecord, UnitState
from .next_flows import follow, look_at
from .outgoing import Outgoing
from .progress import flow_percent, progress_line, subtask_percent
from .requests import work_of
from .views import flow_view

Say = Callable[..., Outgoing]
"""Makes a message: `(exchange, key, data, **envelope attributes)`."""


def apply(flow: Flow, decision: Decision, now: datetime, say: Say) -> list[Outgoing]:
    """Change the flow as decided; what is to be published, in order.

    Public events get the flow's next sequence numbers here, in the same write as the change that they tell of.
    """
    teller = _Teller(flow, say)
    if decision.request and flow.state is FlowState.WAITING:
        flow.state, flow.started_at = FlowState.PROCESSING, now
    if flow.media is not None and not flow.announced:
        flow.announced = True
        teller.event("flow.started.v1", _started(flow), "started")
    for unit_id in decision.activate:
        flow.units[unit_id].active = True
    _drop(flow, decision.drop, teller)
    for unit_id in decision.request:
        _request(flow, flow.units[unit_id], now, teller)
    _begin_subtasks(flow, now, teller)
    for subtask_id, end in decision.ended.items():
        _end_subtask(flow, subtask_id, end, now, teller)
    teller.said += follow(flow, decision.next, now, say)
    if decision.finish is not None:
        flow.state, flow.outcome = decision.finish
        flow.ended_at = now
        if flow.state is FlowState.FINISHED:
            flow.progress_percent = 100.0
        teller.event("flow.finished.v1", FlowFinished(flow=flow_view(flow)), "finished", flow.outcome or flow.state)
    return teller.said


def tell_progress(flow: Flow, now: datetime, say: Say) -> list[Outgoing]:
    """Events of how far the subtasks are that have moved since they were last told."""
    teller = _Teller(flow, say)
    moved = False
    for subtask in flow.subtasks:
        percent = subtask_percent(flow, subtask)
        if subtask.state is SubtaskState.PROCESSING and percent > subtask.progress_percent:
            moved = True
            changed = subtask.model_copy(update={"progress_percent": percent})
            flow.set_subtask(changed)
            teller.subtask("subtask.progressed.v1", changed, f"progressed-{flow.sequence + 1}")
    percent = flow_percent(flow)
    if moved or percent > flow.progress_percent:
        flow.progressed_at = now
        lines = [progress_line(subtask) for subtask in flow.subtasks]
        flow.progress_percent = percent
        data = FlowProgressed(
            flow_id=flow.flow_id,
            session_id=flow.accepted.session_id,
            notify=flow.accepted.notify,
            progress_percent=flow.progress_percent,
            subtasks=lines,
        )
        teller.event("flow.progressed.v1", data, f"progressed-{flow.sequence + 1}")
    return teller.said


class _Teller:
    def __init__(self, flow: Flow, say: Say) -> None:
        self._flow = flow
        self._say = say
        self.said: list[Outgoing] = []

    def event(self, key: str, data: Model, what: str, outcome: str | None = None) -> None:
        """A public event: numbered, and tagged with the flow's procedure, and the outcome when it tells an end."""
        flow = self._flow
        flow.sequence += 1
        self.said.append(
            self._say(
                topology.EVENTS,
                key,
                data,
                id=event_id(flow.flow_id, what),
                flowid=flow.flow_id,
                sequence=flow.sequence,
                tenant=flow.tenant,
                traceparent=flow.traceparent,
                procedure=flow.accepted.procedure,
                outcome=outcome,
            )
        )

    def subtask(self, key: str, view: SubtaskView, what: str, outcome: str | None = None) -> None:
        """A subtask's event."""
        accepted = self._flow.accepted
        data = SubtaskEvent(
            flow_id=self._flow.flow_id,
            session_id=accepted.session_id,
            session_context=accepted.session_context,
            notify_mode=accepted.notify.mode,
            subtask=view,
        )
        self.event(key, data, f"{view.subtask_id}-{what}", outcome)

    def work(self, key: str, data: Model) -> None:
        """An internal message."""
        flow = self._flow
        attributes = {"flowid": flow.flow_id, "tenant": flow.tenant, "traceparent": flow.traceparent}
        self.said.append(self._say(topology.WORK, key, data, **attributes))


def _started(flow: Flow) -> FlowStarted:
    assert flow.media is not None
    accepted = flow.accepted
    return FlowStarted(
        flow_id=flow.flow_id,
        session_id=accepted.session_id,
        session_context=accepted.session_context,
        notify=accepted.notify,
        media=flow.media,
    )


def _drop(flow: Flow, unit_ids: list[str], teller: _Teller) -> None:
    running: dict[WorkerKind, list[str]] = {}
    for unit_id in unit_ids:
        unit = flow.units[unit_id]
        if unit.state is UnitState.REQUESTED:
            running.setdefault(unit.planned.work.worker, []).append(f"{unit_id}.{unit.attempt}")
        unit.state = UnitState.DROPPED
    for worker, ids in running.items():
        teller.work(f"{worker}.cancel.v1", UnitCancel(flow_id=flow.flow_id, unit_ids=ids))


def _request(flow: Flow, unit: UnitRecord, now: datetime, teller: _Teller) -> None:
    if unit.state is UnitState.WAITING:
        unit.attempt += 1
        unit.state = UnitState.REQUESTED
    unit.news_at = now
    request = UnitRequest(
        flow_id=flow.flow_id,
        unit_id=unit.planned.unit_id,
        attempt=unit.attempt,
        tenant=flow.tenant,
        priority=flow.accepted.priority,
        stamp=unit.stamp,
        work=work_of(flow, unit),
        look_at=look_at(flow, unit),
    )
    teller.work(f"{request.work.worker}.request.v1", request)


def _begin_subtasks(flow: Flow, now: datetime, teller: _Teller) -> None:
    units = [unit.planned for unit in flow.units.values() if unit.started and not unit.planned.prepares]
    begun = {subtask_id for unit in units for subtask_id in unit.subtask_ids}
    for subtask in flow.subtasks:
        if subtask.state is SubtaskState.WAITING and subtask.subtask_id in begun:
            changed = subtask.model_copy(update={"state": SubtaskState.PROCESSING, "started_at": now})
            flow.set_subtask(changed)
            teller.subtask("subtask.started.v1", changed, "started")


def _end_subtask(flow: Flow, subtask_id: str, end: SubtaskEnd, now: datetime, teller: _Teller) -> None:
    change: dict[str, object] = {"ended_at": now}
    if end.output is not None:
        change |= {"state": SubtaskState.SUCCESS, "progress_percent": 100.0, "output": end.output}
    elif end.error is not None:
        change |= {"state": SubtaskState.FAILED, "code": end.error.code, "message": end.error.message}
    else:
        change |= {"state": SubtaskState.ABORTED}
    changed = flow.subtask(subtask_id).model_copy(update=change)
    flow.set_subtask(changed)
    teller.subtask("subtask.finished.v1", changed, "finished", changed.state)
    asked = next(one for one in flow.accepted.subtasks if one.subtask_id == subtask_id)
    if isinstance(asked, EditMedia):
        told = _edit_finished(flow, asked, changed)
        teller.event("edit.finished.v1", told, f"{subtask_id}-edit-finished", changed.state)


def _edit_finished(flow: Flow, asked: EditMedia, ended: SubtaskView) -> EditFinished:
    accepted = flow.accepted
    return EditFinished(
        flow_id=flow.flow_id,
        session_id=accepted.session_id,
        session_context=accepted.session_context,
        notify=accepted.notify,
        inputs=asked.inputs,
        subtask=ended,
    )
