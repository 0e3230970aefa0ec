"""Stopping flows: waiting, running, ended, unknown."""

import uuid
from typing import Any

import psutil
import pytest

from contracts.errors import Refused
from contracts.flows import FlowState
from contracts.subtasks import SubtaskState
from tests.e2e import sources
from tests.e2e.blockers import HUGE, blocked, queued
from tests.e2e.desk import ONE_PICTURE, SMALL_RENDITION, Desk
from tests.e2e.rates import believed
from tests.running import RunningStack
from tests.waiting import until


def encoders(stack: RunningStack) -> list[int]:
    """Process ids of every program that a worker runs now."""
    workers = [worker for name in ("transcoder", "snapshotter", "merger") for worker in stack.stack.services.of(name)]
    found = []
    for worker in workers:
        assert worker.pid is not None
        children = psutil.Process(worker.pid).children(recursive=True)
        found += [child.pid for child in children if child.status() != psutil.STATUS_ZOMBIE]
    return found


async def test_a_running_flow_stops_with_all_its_processes(desk: Desk, database: Any) -> None:
    async with blocked(desk, database) as running:
        await desk.until(lambda: len(encoders(desk.stack)) >= len(running), "ffmpeg")
        for flow_id in running:
            await desk.client.cancel(flow_id)
        for flow_id in running:
            view = await desk.ended(flow_id)
            assert (view.state, view.outcome) == (FlowState.ABORTED, None)
            assert {subtask.state for subtask in view.subtasks} == {SubtaskState.ABORTED}
        await desk.until(lambda: not encoders(desk.stack), "the end of ffmpeg")


async def test_a_cut_flow_stops_in_the_middle(desk: Desk, database: Any) -> None:
    """Some chunks done, some running, some waiting, the merge to come."""
    asked = {"definition": 100010, "override": {"video": {"height": 360, "fps": 60}}}
    async with believed(database, {"h264.h264.small": 16.0}):
        flow_id = await desk.submit(sources.PLAIN, {"transcode": [asked]})
        ended = {"request.flow_id": flow_id, "state": "ended"}

        async def some_done() -> bool:
            return bool(await database.transcode_units.count_documents(ended))

        await until(some_done, "a finished chunk")
        await desk.client.cancel(flow_id)
        view = await desk.ended(flow_id)
    assert view.state is FlowState.ABORTED
    await desk.until(lambda: not encoders(desk.stack), "the end of ffmpeg")


async def test_a_flow_that_waits_for_a_slot_never_begins(desk: Desk, database: Any) -> None:
    async with blocked(desk, database):
        flow_id = await desk.submit(sources.SHORT, SMALL_RENDITION)
        await queued(desk, database, [flow_id])
        await desk.client.cancel(flow_id)
        view = await desk.ended(flow_id)
    assert view.state is FlowState.ABORTED
    assert flow_id not in [one for one, _ in desk.recorder.begun()]


async def test_a_flow_is_stopped_right_after_it_was_accepted(desk: Desk) -> None:
    flow_id = await desk.submit(sources.BUNNY, HUGE)
    await desk.client.cancel(flow_id)
    view = await desk.ended(flow_id)
    assert view.state is FlowState.ABORTED


async def test_cancelling_twice_is_answered_alike(desk: Desk) -> None:
    flow_id = await desk.submit(sources.BUNNY, HUGE)
    first = await desk.client.cancel(flow_id)
    again = await desk.client.cancel(flow_id)
    assert first == again
    await desk.ended(flow_id)


async def test_an_ended_flow_cannot_be_stopped(desk: Desk) -> None:
    view = await desk.done(sources.SHORT, ONE_PICTURE)
    with pytest.raises(Refused) as refused:
        await desk.client.cancel(view.flow_id)
    assert (refused.value.code, refused.value.field) == ("FailedOperation.TaskEnded", "flow_id")
    assert await desk.client.describe(view.flow_id) == view


async def test_an_unknown_flow_cannot_be_stopped(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        await desk.client.cancel(uuid.uuid4().hex)
    assert (refused.value.code, refused.value.field) == ("ResourceNotFound.TaskNotFound", "flow_id")
