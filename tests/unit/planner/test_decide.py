"""What happens next to a flow, and what is told of it."""

from datetime import timedelta

from contracts.envelope import CloudEvent
from contracts.flows import FlowState, Outcome
from contracts.model import Model
from contracts.subtasks import SubtaskState
from contracts.units import MergeWork, UnitError, UnitFinished, UnitRequest
from services.planner import steps
from services.planner.apply import apply, tell_progress
from services.planner.decide import Decision, decide
from services.planner.flow import Flow, UnitState
from services.planner.outgoing import Outgoing
from services.planner.planned import Plan

from .flows import INEXACT, NOW, PERMANENT, TRANSIENT, cut_plan, done, planned, waiting, whole

RESEND_S = 30.0


def say(exchange: str, key: str, data: Model, **attributes: object) -> Outgoing:
    attributes.setdefault("id", key)
    return Outgoing(exchange=exchange, event=CloudEvent.of(key, data, source="test", **attributes))


def look(flow: Flow, seconds: float = 0) -> list[Outgoing]:
    """Decide and apply, `seconds` after the beginning."""
    now = NOW + timedelta(seconds=seconds)
    return apply(flow, decide(flow, now, RESEND_S), now, say)


def keys(messages: list[Outgoing]) -> list[str]:
    return [message.event.key for message in messages]


def requested(messages: list[Outgoing]) -> list[tuple[str, int]]:
    asked = [UnitRequest.model_validate(m.event.data) for m in messages if m.event.key.endswith(".request.v1")]
    return [(request.unit_id, request.attempt) for request in asked]


def finish(flow: Flow, result: UnitFinished, seconds: float = 0, attempts: int = 3) -> list[Outgoing]:
    steps.finished(flow, result, NOW + timedelta(seconds=seconds), attempts, 2.0)
    return look(flow, seconds)


def test_a_planned_flow_starts_and_asks_for_what_is_ready() -> None:
    flow = planned(cut_plan())

    messages = look(flow)

    assert keys(messages) == ["flow.started.v1", "transcode.request.v1", "transcode.request.v1"]
    assert requested(messages) == [("chunk-0", 1), ("chunk-1", 1)]


def test_asked_again_nothing_more_is_decided() -> None:
    flow = planned(cut_plan())
    look(flow)

    again = decide(flow, NOW, RESEND_S)

    assert again == Decision(due_at=NOW + timedelta(seconds=RESEND_S))


def test_the_join_is_asked_for_with_the_chunks_in_order_when_all_are_there() -> None:
    flow = planned(cut_plan())
    look(flow)

    assert requested(finish(flow, done("chunk-1"))) == []
    messages = finish(flow, done("chunk-0"))

    work = UnitRequest.model_validate(messages[-1].event.data).work
    assert isinstance(work, MergeWork)
    assert [chunk.url for chunk in work.chunks] == ["file:///scratch/chunk-0.mp4", "file:///scratch/chunk-1.mp4"]


def test_the_end_is_told_once_with_the_subtask_before_it() -> None:
    flow = planned(cut_plan())
    look(flow)
    finish(flow, done("chunk-0"))
    finish(flow, done("chunk-1"))

    messages = finish(flow, done("merge-1"))

    assert keys(messages) == ["subtask.finished.v1", "flow.finished.v1"]
    assert (flow.state, flow.outcome) == (FlowState.FINISHED, Outcome.SUCCESS)
    assert finish(flow, done("merge-1")) == []


def test_public_events_are_numbered_without_gaps_from_2() -> None:
    flow = planned(cut_plan())
    messages = look(flow)
    for unit_id in ("chunk-0", "chunk-1", "merge-1"):
        messages += finish(flow, done(unit_id))

    numbers = [message.event.sequence for message in messages if message.event.sequence is not None]

    assert numbers == list(range(2, 2 + len(numbers)))


def test_a_transient_failure_is_tried_again_after_a_growing_delay_and_then_fails() -> None:
    flow = planned(Plan(units=[whole()]))
    look(flow)

    assert requested(finish(flow, done("whole-transcode-1", 1, error=TRANSIENT), 0)) == []
    assert look(flow, 1.9) == []
    assert requested(look(flow, 2.0)) == [("whole-transcode-1", 2)]
    finish(flow, done("whole-transcode-1", 2, error=TRANSIENT), 10)
    assert look(flow, 13.9) == []
    assert requested(look(flow, 14.0)) == [("whole-transcode-1", 3)]
    messages = finish(flow, done("whole-transcode-1", 3, error=TRANSIENT), 20)

    assert keys(messages)[-2:] == ["subtask.finished.v1", "flow.finished.v1"]
    assert (flow.outcome, flow.subtasks[0].message) == (Outcome.FAILED, "disk full")


def test_a_permanent_failure_ends_its_subtask_and_calls_off_its_other_units() -> None:
    flow = planned(cut_plan())
    look(flow)

    messages = finish(flow, done("chunk-0", error=PERMANENT))

    assert keys(messages) == ["transcode.cancel.v1", "subtask.started.v1", "subtask.finished.v1", "flow.finished.v1"]
    assert messages[0].event.data["unit_ids"] == ["chunk-1.1"]
    assert flow.subtasks[0].code == "SourceFileError.ContentMalformed"


def test_one_failed_one_done_is_partial() -> None:
    flow = planned(Plan(units=[whole("transcode-1"), whole("transcode-2")]), count=2)
    look(flow)
    finish(flow, done("whole-transcode-1", final=True))
    finish(flow, done("whole-transcode-2", error=PERMANENT))

    assert flow.outcome is Outcome.PARTIAL
    assert [subtask.state for subtask in flow.subtasks] == [SubtaskState.SUCCESS, SubtaskState.FAILED]


def test_an_inexact_cut_falls_back_to_one_piece_and_says_so() -> None:
    flow = planned(cut_plan())
    look(flow)

    messages = finish(flow, done("chunk-0", error=INEXACT))

    assert requested(messages) == [("whole-transcode-1", 1)]
    assert flow.units["chunk-1"].state is UnitState.DROPPED
    [request] = [m for m in messages if m.event.key == "transcode.request.v1"]
    assert request.event.data["work"]["notes"] == [
        "encoded in one piece, because a cut was not exact: 749 frames, expected 750"
    ]
    finish(flow, done("whole-transcode-1", final=True))
    assert flow.outcome is Outcome.SUCCESS


def test_late_and_doubled_results_change_nothing() -> None:
    flow = planned(Plan(units=[whole()]))
    look(flow)
    finish(flow, done("whole-transcode-1", 1, error=TRANSIENT))
    look(flow, 2)
    before = flow.model_copy(deep=True)

    assert finish(flow, done("whole-transcode-1", 1, final=True), 2) == []
    assert flow == before


def test_no_news_for_long_asks_again_for_the_same_attempt() -> None:
    flow = planned(Plan(units=[whole()]))
    look(flow)

    assert requested(look(flow, RESEND_S - 0.1)) == []
    assert requested(look(flow, RESEND_S)) == [("whole-transcode-1", 1)]


def test_cancel_aborts_what_has_not_ended_and_calls_off_the_workers() -> None:
    flow = planned(cut_plan())
    look(flow)
    flow.cancel_requested = True

    messages = look(flow)

    assert keys(messages) == ["transcode.cancel.v1", "subtask.finished.v1", "flow.finished.v1"]
    assert (flow.state, flow.subtasks[0].state) == (FlowState.ABORTED, SubtaskState.ABORTED)
    assert look(flow) == []


def test_cancel_before_the_plan_needs_no_worker() -> None:
    flow = waiting()
    flow.cancel_requested = True

    assert keys(look(flow)) == ["subtask.finished.v1", "flow.finished.v1"]


def test_a_source_that_can_not_be_used_fails_every_subtask_with_its_code() -> None:
    flow = waiting(2)
    steps.unplannable(flow, PERMANENT, NOW)

    messages = look(flow)

    assert keys(messages) == ["subtask.finished.v1", "subtask.finished.v1", "flow.finished.v1"]
    assert {subtask.code for subtask in flow.subtasks} == {"SourceFileError.ContentMalformed"}
    assert (flow.state, flow.outcome, flow.code) == (FlowState.FINISHED, Outcome.FAILED, PERMANENT.code)


def test_an_impossible_subtask_fails_and_the_others_go_on() -> None:
    impossible: dict[str, UnitError] = {"transcode-2": PERMANENT}
    flow = planned(Plan(units=[whole()], failed=impossible), count=2)

    messages = look(flow)

    assert keys(messages) == ["flow.started.v1", "transcode.request.v1", "subtask.finished.v1"]
    finish(flow, done("whole-transcode-1", final=True))
    assert flow.outcome is Outcome.PARTIAL


def test_progress_is_the_share_of_expected_work_and_never_shrinks_or_ends_early() -> None:
    flow = planned(cut_plan())
    look(flow)
    steps.progressed(flow, {"chunk-0": 50.0}, NOW)
    look(flow)

    tell_progress(flow, NOW, say)
    first = flow.subtasks[0].progress_percent
    steps.progressed(flow, {"chunk-0": 10.0}, NOW)
    assert tell_progress(flow, NOW, say) == []
    steps.progressed(flow, {"chunk-0": 100.0, "chunk-1": 100.0, "merge-1": 100.0}, NOW)
    tell_progress(flow, NOW, say)

    assert first == round(100 * 15 / 61, 1)
    assert first < flow.subtasks[0].progress_percent < 100
