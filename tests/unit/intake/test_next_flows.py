"""What may follow a flow: where it starts from, what it does, where its results go."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.edits import EditSubmit
from contracts.flows import FlowAccepted, FlowSubmit, Notify, Output
from contracts.identities import next_flow_id
from contracts.next_flows import FollowUp
from contracts.tasks import Tasks
from services.intake.edits import accept_edit
from services.intake.library import Library
from services.intake.next_flows import asked_of, followed
from services.intake.rules import accept
from shared.errors import RequestError

FIRST = "0" * 32
ROOTS = [Path("/media")]
STILLS = Tasks.model_validate({"sampled_snapshot": [{}]})
GONE = Tasks.model_validate({"transcode": [{"definition": 1000001}]})
LIBRARY = Library(
    procedures={"stills": STILLS, "gone": GONE, "own": Tasks.model_validate({"transcode": [{"definition": 100010}]})}
)
ONE: dict[str, Any] = {"transcode": [{"definition": 100010}], "image_sprite": [{}]}
SOUND = {"definition": 100010, "override": {"container": "m4a", "remove_video": True}}
HLS = {"definition": 100010, "override": {"container": "hls"}}
FLV = {"definition": 100010, "override": {"container": "flv", "video": {"codec": "h265"}, "audio": {"codec": "mp3"}}}


def made(tasks: dict[str, Any] | str, *following: dict[str, Any], **members: Any) -> FlowAccepted:
    what = {"procedure": tasks} if isinstance(tasks, str) else {"tasks": tasks}
    asked = {"input": {"url": "file:///media/a.mp4"}, **what, **members, "next": following}
    command = FlowSubmit.model_validate(asked)
    accepted = accept(command, FIRST, ROOTS, datetime(2026, 11, 24, tzinfo=UTC), LIBRARY)
    return followed(accepted, asked_of(command), "acme", ROOTS, LIBRARY)


def refused(*asked: Any) -> tuple[str, str | None]:
    with pytest.raises(RequestError) as caught:
        made(*asked)
    return caught.value.code, caught.value.field


def test_what_is_left_out_is_as_in_the_flow() -> None:
    members = {"priority": 4, "notify": {"mode": "change"}, "session_context": "mine", "session_id": "once"}
    (up,) = made(ONE, {"procedure": "stills"}, output={"storage": "s3://out/", "dir": "/d/"}, **members).next
    assert up == FollowUp(
        flow_id=next_flow_id("acme", FIRST, 0),
        of="transcode-1",
        procedure="stills",
        output=Output(storage="s3://out/", dir="/d/"),
        priority=4,
        notify=Notify(mode="change"),
        session_context="mine",
    )


def test_everything_may_be_said() -> None:
    asked = {
        "procedure": "LongVideoPreset",
        "of": "transcode-2",
        "output": {"storage": "file:///media/next/"},
        "priority": 0,
        "notify": {"mode": "none"},
        "session_context": "",
    }
    two = {"transcode": [{"definition": 100010}, SOUND]}
    ups = made(two, asked, {**asked, "of": "transcode-1"}, priority=4, session_context="mine").next
    assert [up.model_dump(include=set(asked)) for up in ups] == [
        {**asked, "output": {"storage": "file:///media/next/", "dir": ""}, "of": of}
        for of in ("transcode-2", "transcode-1")
    ]
    assert [up.flow_id for up in ups] == [next_flow_id("acme", FIRST, number) for number in (0, 1)]


def test_a_procedure_s_result_may_be_followed() -> None:
    assert made("own", {"procedure": "stills"}).next[0].of == "transcode-1"


VALUE = "InvalidParameterValue"


@pytest.mark.parametrize(
    ("tasks", "following", "code", "field"),
    [
        ({"transcode": [{"definition": 100010}, SOUND]}, {}, "MissingParameter", "of"),
        ({"transcode": [HLS]}, {}, VALUE, "of"),
        ({"transcode": [FLV]}, {}, VALUE, "of"),
        ({"image_sprite": [{}]}, {}, VALUE, "of"),
        (ONE, {"of": "image_sprite-1"}, VALUE, "of"),
        (ONE, {"of": "transcode-2"}, VALUE, "of"),
        (ONE, {"procedure": "nobody"}, "InvalidParameter.ProcedureNameNotExist", "procedure"),
        (ONE, {"procedure": "gone"}, "ResourceNotFound.TemplateNotExist", "procedure"),
        ("own", {"procedure": "own"}, VALUE, "procedure"),
        (ONE, {"output": {"storage": "file:///etc/"}}, "UnauthorizedOperation", "output.storage"),
        (ONE, {"output": {"storage": "ftp://x/"}}, "UnsupportedProtocol", "output.storage"),
    ],
)
def test_what_cannot_be_is_refused(tasks: Any, following: dict[str, Any], code: str, field: str) -> None:
    assert refused(tasks, {"procedure": "stills"} | following) == (code, f"next.0.{field}")


def test_the_same_twice_is_refused() -> None:
    assert refused(ONE, {"procedure": "stills"}, {"procedure": "stills", "of": "transcode-1"}) == (VALUE, "next.1")
    other = {"procedure": "stills", "output": {"storage": "s3://b/"}}
    assert len(made(ONE, {"procedure": "stills"}, other).next) == 2


def edited(**members: Any) -> FlowAccepted:
    command = EditSubmit.model_validate({"inputs": [{"url": "file:///media/a.mp4"}], **members})
    accepted = accept_edit(command, FIRST, ROOTS, datetime(2026, 11, 24, tzinfo=UTC))
    return followed(accepted, asked_of(command), "acme", ROOTS, LIBRARY)


def test_an_edit_s_procedure_comes_first() -> None:
    other = {"procedure": "own", "priority": 2}
    ups = edited(procedure="stills", next=[other]).next
    assert [(up.of, up.procedure, up.priority) for up in ups] == [
        ("edit_media-1", "stills", 0),
        ("edit_media-1", "own", 2),
    ]


@pytest.mark.parametrize(
    ("members", "code", "field"),
    [
        ({"procedure": "nobody"}, "InvalidParameter.ProcedureNameNotExist", "procedure"),
        ({"procedure": "stills", "config": {"container": "hls"}}, VALUE, "procedure"),
        ({"next": [{"procedure": "nobody"}]}, "InvalidParameter.ProcedureNameNotExist", "next.0.procedure"),
        ({"next": [{"procedure": "own", "of": "transcode-1"}]}, VALUE, "next.0.of"),
        ({"procedure": "own", "next": [{"procedure": "own"}]}, VALUE, "next.0"),
    ],
)
def test_what_cannot_follow_an_edit_is_refused(members: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        edited(**members)
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    "following",
    [
        [{"procedure": "stills"}] * 11,
        [{}],
        [{"procedure": "stills", "of": "../x"}],
        [{"procedure": "a", "priority": 11}],
    ],
)
def test_what_is_out_of_range_is_no_command(following: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        FlowSubmit.model_validate({"input": {"url": "s3://a/b"}, "tasks": ONE, "next": following})
