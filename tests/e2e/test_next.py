"""Flows that start from flows: a procedure for what a subtask has made, without another look at it."""

from typing import Any

from contracts.edits import EditSubmit
from contracts.flows import FlowAccepted, FlowSubmit, FlowView
from contracts.next_flows import NextState
from contracts.procedures import ProcedurePut
from contracts.subtasks import EditMediaOutput
from shared.media import probe
from tests.e2e import sources
from tests.e2e.blockers import blocked, queued
from tests.e2e.desk import ONE_PICTURE, PATIENCE_S, SMALL_RENDITION, Desk, path_of, pictures, rendition
from tests.e2e.rates import believed
from tests.e2e.test_templates import refusal
from tests.e2e.test_trace import spans
from tests.waiting import until


async def put(desk: Desk, name: str, tasks: dict[str, Any]) -> None:
    """Put a procedure."""
    await desk.client.put_procedure(ProcedurePut.model_validate({"name": name, "tasks": tasks}))


async def submit(desk: Desk, source: str, tasks: dict[str, Any], **following: Any) -> FlowAccepted:
    """Ask for a flow and one that follows it, whose results lie in a directory of their own."""
    next_flow = {"procedure": "stills", "output": {"storage": desk.out()}, **following}
    asked = {"input": {"url": source}, "output": {"storage": desk.out()}, "tasks": tasks, "next": [next_flow]}
    return await desk.client.submit(FlowSubmit.model_validate(asked))


async def answered(desk: Desk, flow_id: str) -> FlowView:
    """The flow, once it is known what became of its next one."""

    async def view() -> FlowView | None:
        found = await desk.client.describe(flow_id)
        return None if found.next[0].state is NextState.WAITING else found

    return await until(view, "an answer about the next flow", PATIENCE_S)


def looked(desk: Desk, flow_id: str) -> dict[str, str]:
    """How a flow's source was probed, by the id of its trace."""
    plans = [
        span for span in spans(desk) if span["name"] == "plan" and span["attributes"]["vodflow.flow_id"] == flow_id
    ]
    return {span["context"]["trace_id"]: span["attributes"]["vodflow.probed"] for span in plans}


async def test_a_procedure_does_its_tasks_on_what_was_made_without_a_second_probe(desk: Desk, database: Any) -> None:
    await put(desk, "stills", ONE_PICTURE)
    source = desk.put_in(sources.PLAIN)
    async with believed(database, {"h264.h264.small": 60.0}):
        accepted = await submit(desk, source, SMALL_RENDITION, session_context="after", priority=3)
        view = await desk.ended(accepted.flow_id)
    made = rendition(view)
    assert made.chunks > 1
    (follow_up,) = accepted.next
    second = await desk.ended(follow_up.flow_id)
    assert (second.procedure, second.input.url, second.outcome) == ("stills", made.url, "success")
    assert (second.session_context, second.priority, second.output) == ("after", 3, follow_up.output)
    assert (pictures(second, "snapshot_by_time_offset-1").pictures[0].height) == 180

    (one,) = (await answered(desk, accepted.flow_id)).next
    assert (one.flow_id, one.of, one.state, one.code) == (second.flow_id, "transcode-1", NextState.STARTED, "")
    traces = await desk.until(lambda: looked(desk, second.flow_id), "the next flow's plan")
    assert set(looked(desk, accepted.flow_id).values()) == {"ffprobe"}
    assert traces == dict.fromkeys(looked(desk, accepted.flow_id), "kept")
    seen, _ = await probe(path_of(made.url))
    assert second.media == seen
    assert made.video is not None
    assert made.video.frames == seen.frames

    again = await desk.done(source, ONE_PICTURE)
    assert again.media == view.media
    assert set((await desk.until(lambda: looked(desk, again.flow_id), "its plan")).values()) == {"kept"}


async def test_a_procedure_does_its_tasks_on_an_edit(desk: Desk) -> None:
    await put(desk, "stills", ONE_PICTURE)
    taken = {"url": desk.put_in(sources.SHORT), "end_time_offset_s": 0.5}
    asked = {"inputs": [taken, taken], "output": {"storage": desk.out()}, "procedure": "stills"}
    accepted = await desk.client.edit(EditSubmit.model_validate(asked))
    (follow_up,) = accepted.next
    second = await desk.recorded_end(follow_up.flow_id)
    first, view = await desk.client.describe(accepted.flow_id), await desk.client.describe(follow_up.flow_id)
    output = first.subtasks[0].output
    assert isinstance(output, EditMediaOutput)
    assert (follow_up.of, view.input.url, view.outcome) == ("edit_media-1", output.url, "success")
    assert second["data"]["flow"]["procedure"] == "stills"
    assert len(pictures(view, "snapshot_by_time_offset-1").pictures) == 1
    assert set((await desk.until(lambda: looked(desk, view.flow_id), "its plan")).values()) == {"kept"}


async def test_what_becomes_of_a_next_flow_that_does_not_start(desk: Desk, database: Any) -> None:
    await put(desk, "stills", ONE_PICTURE)
    source = desk.put_in(sources.SHORT)
    two = {"transcode": [*SMALL_RENDITION["transcode"], {**SMALL_RENDITION["transcode"][0], "definition": 100020}]}
    assert await refusal(submit(desk, source, two)) == ("MissingParameter", "next.0.of")
    assert await refusal(submit(desk, source, SMALL_RENDITION, procedure="none")) == (
        "InvalidParameter.ProcedureNameNotExist",
        "next.0.procedure",
    )

    missing = await submit(desk, (desk.directory / "missing.mp4").as_uri(), SMALL_RENDITION)
    (one,) = (await desk.ended(missing.flow_id)).next
    assert (one.state, one.code) == (NextState.NOT_REACHED, "SourceFileError.DownloadNotAccessible")

    async with blocked(desk, database):
        late = await submit(desk, source, SMALL_RENDITION)
        await queued(desk, database, [late.flow_id])
        await desk.client.delete_procedure("stills")
    await desk.ended(late.flow_id)
    (one,) = (await answered(desk, late.flow_id)).next
    assert (one.state, one.code) == (NextState.REFUSED, "InvalidParameter.ProcedureNameNotExist")
    assert "'stills'" in one.message
    assert await refusal(desk.client.describe(late.next[0].flow_id)) == ("ResourceNotFound.TaskNotFound", "flow_id")
