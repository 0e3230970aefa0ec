"""A flow whose source has to be fetched first."""

from contracts.flows import FlowState, Input, Outcome
from contracts.subtasks import SubtaskState
from contracts.units import FetchWork, MadeFile, UnitFinished
from services.planner import steps
from services.planner.apply import tell_progress
from services.planner.flow import Flow, new_flow

from .flows import MEDIA, NOW, PERMANENT, TRANSIENT, accepted, cut_plan, done
from .test_decide import finish, keys, look, requested, say

URL = "https://example.org/in.mp4"
COPY = "file:///scratch/fetch.1.1.source.mp4"


def foreign(count: int = 1) -> Flow:
    """Just accepted."""
    return new_flow(accepted(count).model_copy(update={"input": Input(url=URL)}), "default", None, 3.0)


def brought(attempt: int = 1) -> UnitFinished:
    """The source is there."""
    file = MadeFile(name="source", url=COPY, size_bytes=1000)
    return done("fetch", attempt).model_copy(update={"files": [file]})


def test_it_is_fetched_then_probed_then_planned() -> None:
    flow = foreign()
    assert not flow.to_be_probed
    assert requested(look(flow)) == [("fetch", 1)]
    assert (flow.state, flow.started_at) == (FlowState.PROCESSING, NOW)
    assert flow.units["fetch"].planned.work == FetchWork(url=URL, flow_id="0" * 32)
    assert look(flow) == []

    assert finish(flow, brought(), seconds=5) == []
    assert (flow.to_be_probed, flow.source_url) == (True, COPY)
    assert look(flow, seconds=1000) == []

    steps.planned(flow, MEDIA, cut_plan(), {}, {}, NOW)
    assert not flow.to_be_probed
    assert keys(look(flow)) == ["flow.started.v1", "transcode.request.v1", "transcode.request.v1"]
    assert flow.source_url == COPY


def test_a_source_of_our_own_storage_is_probed_at_once() -> None:
    flow = new_flow(accepted(), "default", None, 0.0)
    assert (flow.to_be_probed, flow.source_url, flow.units) == (True, "file:///in.mp4", {})


def test_the_fetch_is_progress_of_the_flow_and_of_no_subtask() -> None:
    flow = foreign(2)
    look(flow)
    steps.progressed(flow, {"fetch": 50.0}, NOW)
    assert keys(tell_progress(flow, NOW, say)) == ["flow.progressed.v1"]
    assert flow.progress_percent == 10.0
    assert look(flow) == []
    assert {(subtask.state, subtask.progress_percent) for subtask in flow.subtasks} == {(SubtaskState.WAITING, 0.0)}
    assert tell_progress(flow, NOW, say) == []

    finish(flow, brought())
    steps.planned(flow, MEDIA, cut_plan(), {}, {}, NOW)
    look(flow)
    steps.progressed(flow, {"chunk-0": 100.0, "chunk-1": 100.0, "merge-1": 100.0}, NOW)
    look(flow)
    tell_progress(flow, NOW, say)
    assert flow.progress_percent == round(20 + 0.8 * flow.subtasks[0].progress_percent / 2, 1)


def test_a_passing_failure_is_tried_again_and_a_lasting_one_ends_the_flow() -> None:
    flow = foreign(2)
    look(flow)
    finish(flow, done("fetch", error=TRANSIENT))
    assert requested(look(flow, seconds=10)) == [("fetch", 2)]

    messages = finish(flow, done("fetch", 2, error=PERMANENT), seconds=11)

    assert keys(messages) == ["subtask.finished.v1", "subtask.finished.v1", "flow.finished.v1"]
    assert (flow.state, flow.outcome) == (FlowState.FINISHED, Outcome.FAILED)
    assert (flow.code, flow.message) == (PERMANENT.code, PERMANENT.message)
    assert {subtask.code for subtask in flow.subtasks} == {PERMANENT.code}


def test_cancelling_stops_the_fetch() -> None:
    flow = foreign()
    look(flow)
    flow.cancel_requested = True
    assert keys(look(flow)) == ["fetch.cancel.v1", "subtask.finished.v1", "flow.finished.v1"]
    assert finish(flow, brought()) == []
