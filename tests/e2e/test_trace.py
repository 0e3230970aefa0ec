"""One flow is one trace, across all services."""

import json
import secrets
from pathlib import Path
from typing import Any

from contracts.flows import Outcome
from tests.e2e import sources
from tests.e2e.desk import ONE_PICTURE, SMALL_RENDITION, Desk
from tests.e2e.rates import believed

SERVICES = {"intake", "planner", "transcoder", "merger", "snapshotter", "notifier"}
Span = dict[str, Any]


def spans(desk: Desk) -> list[Span]:
    """Every span that any service has finished."""
    file: Path = desk.stack.data / "trace.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def service(span: Span) -> str:
    return str(span["resource"]["attributes"]["service.name"])


async def test_a_cut_flow_with_pictures_is_one_trace(desk: Desk, database: Any) -> None:
    trace_id, submitter = secrets.token_hex(16), secrets.token_hex(8)
    async with believed(database, {"h264.h264.small": 60.0}):
        flow_id = await desk.submit(
            sources.PLAIN, {**SMALL_RENDITION, **ONE_PICTURE}, traceparent=f"00-{trace_id}-{submitter}-01"
        )
        view = await desk.ended(flow_id)
    assert view.outcome is Outcome.SUCCESS

    def mine() -> list[Span]:
        return [span for span in spans(desk) if span["context"]["trace_id"] == f"0x{trace_id}"]

    def orphans() -> set[str]:
        known = {span["context"]["span_id"] for span in mine()} | {f"0x{submitter}"}
        return {span["parent_id"] for span in mine()} - known

    await desk.until(lambda: {service(span) for span in mine()} >= SERVICES, "spans of every service")
    await desk.until(lambda: not orphans(), "every parent")
    assert {
        span["context"]["trace_id"] for span in spans(desk) if span["attributes"].get("vodflow.flow_id") == flow_id
    } == {f"0x{trace_id}"}
    names = {(service(span), span["name"]) for span in mine()}
    assert names >= {
        ("intake", "process flow.submit.v1"),
        ("planner", "process flow.accepted.v1"),
        ("planner", "plan"),
        ("transcoder", "work transcode"),
        ("merger", "work merge"),
        ("snapshotter", "work pictures"),
        ("planner", "process unit.finished.v1"),
        ("notifier", "process flow.finished.v1"),
    }
    told = {event["traceparent"].split("-")[1] for event in desk.recorder.of(flow_id)}
    assert told == {trace_id}


async def test_a_flow_without_a_traceparent_starts_a_trace_of_its_own(desk: Desk) -> None:
    flow_ids = [await desk.submit(sources.SHORT, ONE_PICTURE) for _ in range(2)]
    for flow_id in flow_ids:
        await desk.ended(flow_id)
    traces = [{event["traceparent"].split("-")[1] for event in desk.recorder.of(flow_id)} for flow_id in flow_ids]
    assert [len(ids) for ids in traces] == [1, 1]
    assert traces[0] != traces[1]


async def test_a_flow_that_is_tried_again_stays_one_trace(desk: Desk, database: Any) -> None:
    """What the planner says on its own account, not upon a message, belongs to the flow's trace as well."""
    trace_id = secrets.token_hex(16)
    flow_id = await desk.submit(
        (desk.directory / "missing.mp4").as_uri(), ONE_PICTURE, traceparent=f"00-{trace_id}-{secrets.token_hex(8)}-01"
    )
    await desk.ended(flow_id)
    assert {event["traceparent"].split("-")[1] for event in desk.recorder.of(flow_id)} == {trace_id}
