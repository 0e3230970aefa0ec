"""Edits become flows of one subtask, and what can't be is refused with the field at fault."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.edits import EditSubmit
from contracts.flows import FlowAccepted
from contracts.schema_forms import Plain
from contracts.subtasks import EditMedia
from services.intake.edits import accept_edit
from services.intake.parameters import checked
from shared.errors import RequestError
from shared.naming import Files, Naming
from tests.unit.intake.test_ranges import Bad, bad_values, changed

FIRST, SECOND = "file:///media/in/a.mp4", "s3://media/b.mp4"
PLAIN: dict[str, Any] = {"inputs": [{"url": FIRST}, {"url": SECOND, "start_time_offset_s": 3, "end_time_offset_s": -2}]}


def submitted(**members: Any) -> FlowAccepted:
    command = checked(EditSubmit, PLAIN | members, "")
    return accept_edit(command, "0" * 32, [Path("/media")], datetime(2026, 11, 24, tzinfo=UTC))


def refused(**members: Any) -> tuple[str, str | None]:
    with pytest.raises(RequestError) as caught:
        submitted(**members)
    assert caught.value.message
    return caught.value.code, caught.value.field


def test_an_edit_is_a_flow_beside_its_first_input() -> None:
    flow = submitted(session_id="one", priority=3)
    [subtask] = flow.subtasks
    assert isinstance(subtask, EditMedia)
    assert (flow.input.url, flow.output.storage) == (FIRST, "file:///media/in/")
    assert (flow.session_id, flow.priority, flow.procedure) == ("one", 3, None)
    assert [one.url for one in subtask.inputs] == [FIRST, SECOND] and subtask.definition == 10
    place = Naming(FIRST, flow.output, [subtask]).place(subtask.subtask_id, Files("output_object_path"), "mp4")
    assert place.pieces == ["a_editMedia_10.mp4"]


def test_names_as_asked() -> None:
    flow = submitted(
        output={"storage": "s3://out/", "dir": "/cuts/"},
        output_object_path="{inputName}/list.{format}",
        segment_object_name="{number}.{format}",
        config={"container": "hls"},
    )
    naming = Naming(FIRST, flow.output, flow.subtasks)
    assert naming.place("edit_media-1", Files("output_object_path"), "m3u8").pieces == ["cuts/a/list.m3u8"]
    assert naming.place("edit_media-1", Files("segment_object_name", ("number",)), "ts").pieces[0] == "cuts/a/"


@pytest.mark.parametrize(
    ("members", "code", "field"),
    [
        ({"inputs": []}, "InvalidParameterValue", "inputs"),
        ({"inputs": [{"url": FIRST}] * 101}, "InvalidParameterValue", "inputs"),
        ({"inputs": [{"url": FIRST}] * 3 + [{"url": "file:///etc/passwd"}]}, "UnauthorizedOperation", "inputs.3.url"),
        ({"inputs": [{"url": "gopher://a/b"}]}, "UnsupportedProtocol", "inputs.0.url"),
        ({"inputs": [{"url": FIRST, "start": 3}]}, "InvalidParameter", "inputs.0.start"),
        (
            {"inputs": [{"url": FIRST}, {"url": FIRST, "start_time_offset_s": 5, "end_time_offset_s": 5}]},
            "InvalidInput.InvalidTimeOffset",
            "inputs.1.end_time_offset_s",
        ),
        (
            {"inputs": [{"url": FIRST, "start_time_offset_s": -1, "end_time_offset_s": -2}]},
            "InvalidInput.InvalidTimeOffset",
            "inputs.0.end_time_offset_s",
        ),
        ({"config": {"type": "fast"}}, "InvalidParameterValue", "config.type"),
        (
            {"inputs": [{"url": FIRST}], "config": {"type": "fast", "video": {"fps": 25}}},
            "InvalidParameterValue",
            "config.video",
        ),
        ({"config": {"type": "fast", "container": "flv"}}, "InvalidParameterValue", "config.container"),
        ({"config": {"container": "flv", "video": {"codec": "av1"}}}, "InvalidParameterValue", "config.video.codec"),
        ({"config": {"segment_type": "fmp4"}}, "InvalidParameterValue", "config.segment_type"),
        ({"definition": 30}, "InvalidParameterValue", "definition"),
        ({"output": {"storage": "file:///etc/"}}, "UnauthorizedOperation", "output.storage"),
        ({"segment_object_name": "{number}.{format}"}, "InvalidParameterValue", "segment_object_name"),
        ({"output_object_path": "a.{format}"}, "InvalidParameterValue", "output_object_path"),
        ({"output_object_path": "../a.{format}"}, "InvalidParameterValue", "output_object_path"),
        (
            {"output": {"storage": "s3://media/"}, "output_object_path": "b.{format}"},
            "InvalidParameterValue",
            "output_object_path",
        ),
    ],
)
def test_what_can_not_be_is_refused(members: dict[str, Any], code: str, field: str) -> None:
    assert refused(**members) == (code, field)


def cases() -> list[Any]:
    schema = EditSubmit.model_json_schema(schema_generator=Plain)
    return [
        pytest.param(bad, id=f"{'.'.join(map(str, bad.path))}={bad.value}")
        for bad in bad_values(schema, schema.get("$defs", {}))
    ]


@pytest.mark.parametrize("bad", cases())
def test_a_value_out_of_range_is_refused_with_name_and_range(bad: Bad) -> None:
    with pytest.raises(RequestError) as caught:
        checked(EditSubmit, changed(PLAIN | {"next": [{"procedure": "app"}]}, bad.path, bad.value), "")
    assert caught.value.code == "InvalidParameterValue"
    assert caught.value.field == ".".join(map(str, bad.path))
    assert all(told in caught.value.message for told in bad.told), caught.value.message
