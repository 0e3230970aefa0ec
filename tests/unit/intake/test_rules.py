"""What makes a command a flow, and what is refused with which code and field."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.flows import FlowAccepted, FlowSubmit
from contracts.parameters import TranscodeParameters
from contracts.subtasks import SampledSnapshot, Transcode
from contracts.tasks import Tasks
from services.intake.rules import accept
from shared.errors import RequestError
from shared.validation import invalid

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROOTS = [Path("/media")]


def submitted(tasks: dict[str, Any], **others: Any) -> FlowAccepted:
    command = {"input": {"url": "file:///media/in/a.mp4"}, "tasks": tasks} | others
    return accept(FlowSubmit.model_validate(command), "0" * 32, ROOTS, NOW)


def refused(tasks: dict[str, Any], **others: Any) -> tuple[str, str | None]:
    with pytest.raises(RequestError) as caught:
        submitted(tasks, **others)
    return caught.value.code, caught.value.field


def test_templates_become_plain_parameters() -> None:
    [subtask] = submitted({"transcode": [{"definition": 100020}]}).subtasks

    assert isinstance(subtask, Transcode)
    assert (subtask.subtask_id, subtask.definition) == ("transcode-1", 100020)
    video = subtask.parameters.video
    assert (video.height, video.fps, video.bitrate_kbps) == (540, 25, 1000)


def test_an_override_changes_what_it_names_and_leaves_the_rest() -> None:
    override = {"video": {"bitrate_kbps": 1500}}
    [subtask] = submitted({"transcode": [{"definition": 100030, "override": override}]}).subtasks

    assert isinstance(subtask, Transcode)
    assert (subtask.parameters.video.bitrate_kbps, subtask.parameters.video.height) == (1500, 720)


def test_raw_parameters_stand_in_place_of_a_template() -> None:
    sound = {"codec": "opus", "sample_rate_hz": 48000}
    raw = {"container": "webm", "video": {"codec": "vp9", "height": 480}, "audio": sound}
    [subtask] = submitted({"transcode": [{"definition": 0, "raw": raw, "start_time_offset_s": 1}]}).subtasks

    assert isinstance(subtask, Transcode)
    assert (subtask.definition, subtask.start_time_offset_s) == (0, 1)
    assert subtask.parameters == TranscodeParameters.model_validate(raw)


@pytest.mark.parametrize(
    ("task", "field"),
    [
        ({"definition": 0}, "definition"),
        ({"definition": 10, "raw": {}}, "raw"),
        ({"definition": 0, "raw": {}, "override": {"container": "mp4"}}, "override"),
        ({"definition": 0, "raw": {"container": "webm"}}, "raw.video.codec"),
    ],
)
def test_raw_parameters_and_templates_exclude_each_other(task: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Tasks.model_validate({"transcode": [task]})
    assert invalid(caught.value, Tasks, "tasks").field == f"tasks.transcode.0.{field}"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"tasks": {"transcode": [{"definition": 0, "raw": {"video": {"fps": 121}}}]}}, "must be 0 to 120"),
        ({"tasks": {"transcode": [{"definition": 0, "raw": {"video": {"width": 5}}}]}}, "must be 0 or 128 to 8192"),
        ({"tasks": {"transcode": [{"definition": -1}]}}, "must be 0 to 2147483647"),
        ({"tasks": {"image_sprite": [{}]}, "priority": 11}, "must be -10 to 10"),
    ],
)
def test_what_a_command_itself_holds_is_refused_with_its_whole_range(members: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        FlowSubmit.model_validate({"input": {"url": "file:///media/a.mp4"}} | members)
    refused = invalid(caught.value, FlowSubmit)
    assert refused.message == f"{refused.field}: {message}"


def test_subtasks_are_numbered_by_kind_in_the_order_asked() -> None:
    tasks = {"sampled_snapshot": [{}], "transcode": [{"definition": 100020}, {"definition": 100010}]}

    assert [subtask.subtask_id for subtask in submitted(tasks).subtasks] == [
        "transcode-1",
        "transcode-2",
        "sampled_snapshot-1",
    ]


def test_without_output_the_results_lie_beside_the_source() -> None:
    assert submitted({"image_sprite": [{}]}).output.storage == "file:///media/in/"


def test_an_override_may_name_any_parameter_of_a_picture() -> None:
    override = {"sample_type": "time", "sample_interval": 2.5, "format": "png"}
    [subtask] = submitted({"sampled_snapshot": [{"override": override}]}).subtasks

    assert isinstance(subtask, SampledSnapshot)
    assert (subtask.parameters.sample_interval, subtask.parameters.format) == (2.5, "png")


@pytest.mark.parametrize(
    ("tasks", "code", "field"),
    [
        ({"transcode": [{"definition": 4}]}, "ResourceNotFound.TemplateNotExist", "tasks.transcode.0.definition"),
        (
            {"transcode": [{"definition": 100010, "override": {"video": {"fps": 500}}}]},
            "InvalidParameterValue",
            "tasks.transcode.0.override.video.fps",
        ),
        (
            {"transcode": [{"definition": 100010, "override": {"vidoe": {}}}]},
            "InvalidParameter",
            "tasks.transcode.0.override.vidoe",
        ),
        (
            {"transcode": [{"definition": 100010, "override": {"video": 7}}]},
            "InvalidParameterValue",
            "tasks.transcode.0.override.video",
        ),
        (
            {"transcode": [{"definition": 100010, "start_time_offset_s": 9, "end_time_offset_s": 3}]},
            "InvalidInput.InvalidTimeOffset",
            "tasks.transcode.0.end_time_offset_s",
        ),
        (
            {"animated_graphic": [{"definition": 20000, "start_time_offset_s": 4.0, "end_time_offset_s": 2.0}]},
            "InvalidInput.InvalidTimeOffset",
            "tasks.animated_graphic.0.end_time_offset_s",
        ),
        (
            {"animated_graphic": [{"definition": 20000, "override": {"fps": 31}}]},
            "InvalidParameterValue",
            "tasks.animated_graphic.0.override.fps",
        ),
        (
            {"image_sprite": [{"override": {"rows": 100, "height": 200}}]},
            "InvalidParameterValue",
            "tasks.image_sprite.0.override",
        ),
    ],
)
def test_impossible_tasks_are_refused_with_the_field_at_fault(tasks: dict[str, Any], code: str, field: str) -> None:
    assert refused(tasks) == (code, field)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "UnauthorizedOperation"),
        ("file:///media/../etc/passwd", "UnauthorizedOperation"),
        ("file:///media/%2e%2e/etc/passwd", "UnauthorizedOperation"),
        ("file://elsewhere/media/a.mp4", "UnsupportedProtocol"),
        ("s3://", "UnsupportedProtocol"),
        ("s3://bucket/a/../b.mp4", "UnauthorizedOperation"),
        ("concat:/media/a|/media/b", "UnsupportedProtocol"),
        ("/media/a.mp4", "UnsupportedProtocol"),
        ("file:///media/a%00b.mp4", "InvalidParameterValue"),
    ],
)
def test_places_that_are_not_ours_are_refused(url: str, code: str) -> None:
    assert refused({"image_sprite": [{}]}, input={"url": url}) == (code, "input.url")
    output = {"storage": url}
    assert refused({"image_sprite": [{}]}, output=output) == (code, "output.storage")


def test_a_source_of_the_web_needs_an_output_of_our_own() -> None:
    web = {"input": {"url": "https://example.org/films/a.mp4?key=1"}}
    assert refused({"image_sprite": [{}]}, **web) == ("MissingParameter", "output")
    own = {"storage": "file:///media/out/", "dir": "/{inputDir}/"}
    assert submitted({"image_sprite": [{}]}, **web, output=own).input.url == web["input"]["url"]
    foreign = {"storage": "https://example.org/films/"}
    assert refused({"image_sprite": [{}]}, **web, output=foreign) == ("UnsupportedProtocol", "output.storage")
    assert refused({"image_sprite": [{}]}, input={"url": "http://10.0.0.1/"}, output=own) == (
        "UnauthorizedOperation",
        "input.url",
    )
