"""Messages that can't be read or can't be done: a code at the sender, or a dead letter; the rest goes on."""

import json
from typing import Any

import pytest

from tests.e2e import plain, sources
from tests.e2e.desk import ONE_PICTURE, Desk

SUBMIT = "flow.submit.v1"
DEAD_LETTERS = "vodflow.dead.letters"
INVALID, INVALID_VALUE = "InvalidParameter", "InvalidParameterValue"


def good(desk: Desk, **members: Any) -> dict[str, Any]:
    plain_wish = {"input": {"url": desk.put_in(sources.SHORT)}, "output": {"storage": desk.out()}, "tasks": ONE_PICTURE}
    return plain_wish | members


def transcode(**members: Any) -> dict[str, Any]:
    return {"tasks": {"transcode": [{"definition": 100010, **members}]}}


UNREADABLE = {
    "no JSON": (b"{not json", "InvalidRequest", None),
    "nothing": (b"", "InvalidRequest", None),
    "no text": (b"\xff\xfe\x00", "InvalidRequest", None),
    "deep": (b"[" * 100_000, "InvalidRequest", None),
    "no object": (b"[1, 2]", "InvalidRequest", None),
    "no envelope": (json.dumps({"input": {"url": "file:///a"}}).encode(), "InvalidRequest", "id"),
    "another version of CloudEvents": (
        plain.body({**plain.event(SUBMIT, {}), "specversion": "0.3"}),
        "InvalidRequest",
        "specversion",
    ),
    "data that is text": (plain.body({**plain.event(SUBMIT, {}), "data": "<xml/>"}), "InvalidRequest", "data"),
    "an impossible tenant": (plain.body(plain.event(SUBMIT, {}, tenant="../etc")), "InvalidRequest", "tenant"),
    "no data": (plain.body(plain.event(SUBMIT, {})), INVALID, "input"),
}


@pytest.mark.parametrize(("message", "code", "field"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_unreadable_message_is_answered(message: bytes, code: str, field: str | None, desk: Desk) -> None:
    assert plain.ask(desk.amqp_url, SUBMIT, message).refusal == (code, field)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("flow.submit.v9", "NoSuchVersion"),
        ("flow.describe.v2", "NoSuchVersion"),
        ("subscription.put.v7", "NoSuchVersion"),
        ("flow.explode.v1", "InvalidAction"),
        ("coffee.make.v1", "InvalidAction"),
        ("x", "InvalidAction"),
    ],
)
def test_an_unknown_type_or_version_is_answered(key: str, code: str, desk: Desk) -> None:
    answer = plain.ask(desk.amqp_url, key, plain.event(key, {}))
    assert answer.refusal == (code, "type")
    assert key in answer.data["message"]


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a misspelt wish": ({"taks": {}}, INVALID, "taks"),
    "nothing to do": ({"tasks": {}}, INVALID_VALUE, ""),
    "neither tasks nor procedure": ({"tasks": None}, INVALID_VALUE, ""),
    "an unknown procedure": (
        {"tasks": None, "procedure": "None"},
        "InvalidParameter.ProcedureNameNotExist",
        "procedure",
    ),
    "an unknown template": (
        {"tasks": {"transcode": [{"definition": 999}]}},
        "ResourceNotFound.TemplateNotExist",
        "tasks.transcode.0.definition",
    ),
    "a priority beyond all": ({"priority": 11}, INVALID_VALUE, "priority"),
    "a session id too long": ({"session_id": "x" * 51}, INVALID_VALUE, "session_id"),
    "an unknown override": (transcode(override={"vide": {}}), INVALID, "tasks.transcode.0.override.vide"),
    "an impossible override": (
        transcode(override={"video": {"bitrate_kbps": 5}}),
        INVALID_VALUE,
        "tasks.transcode.0.override.video.bitrate_kbps",
    ),
    "nothing left": (
        transcode(override={"remove_video": True, "remove_audio": True}),
        INVALID_VALUE,
        "tasks.transcode.0.override",
    ),
    "an empty window": (
        transcode(start_time_offset_s=5, end_time_offset_s=5),
        "InvalidInput.InvalidTimeOffset",
        "tasks.transcode.0.end_time_offset_s",
    ),
    "a window backwards": (
        transcode(start_time_offset_s=-1, end_time_offset_s=-2),
        "InvalidInput.InvalidTimeOffset",
        "tasks.transcode.0.end_time_offset_s",
    ),
    "a time that is none": (
        {"tasks": {"snapshot_by_time_offset": [{"definition": 10, "time_offsets": ["noon"]}]}},
        INVALID_VALUE,
        "tasks.snapshot_by_time_offset.0.time_offsets.0",
    ),
    "another scheme": ({"input": {"url": "ftp://host/a.mp4"}}, "UnsupportedProtocol", "input.url"),
    "a relative path": ({"input": {"url": "in/a.mp4"}}, "UnsupportedProtocol", "input.url"),
    "another host": ({"input": {"url": "file://host/a.mp4"}}, "UnsupportedProtocol", "input.url"),
    "a path outside": ({"input": {"url": "file:///etc/passwd"}}, "UnauthorizedOperation", "input.url"),
    "an output outside": ({"output": {"storage": "file:///etc/"}}, "UnauthorizedOperation", "output.storage"),
    "an output elsewhere": ({"output": {"storage": "http://host/"}}, "UnsupportedProtocol", "output.storage"),
    "half a character": ({"input": {"url": "file:///\ud800.mp4"}}, INVALID_VALUE, "input.url"),
    "a zero byte": ({"input": {"url": "file:///a\0.mp4"}}, INVALID_VALUE, "input.url"),
    "a number beyond all": ({"priority": 1e300}, INVALID_VALUE, "priority"),
    "no number": (transcode(start_time_offset_s=float("nan")), INVALID_VALUE, "tasks.transcode.0.start_time_offset_s"),
    "no bucket": ({"output": {"storage": "s3:///a/"}}, "UnsupportedProtocol", "output.storage"),
}


@pytest.mark.parametrize(("members", "code", "field"), REFUSED.values(), ids=REFUSED.keys())
async def test_an_impossible_request_is_refused(members: dict[str, Any], code: str, field: str, desk: Desk) -> None:
    data = good(desk, **members)
    tenant = f"refused-{desk.directory.name[-8:]}"
    answer = plain.ask(desk.amqp_url, SUBMIT, plain.event(SUBMIT, data, tenant=tenant))
    assert answer.type == "vodflow.flow.rejected.v1"
    assert answer.refusal == (code, field or None)
    assert answer.event["tenant"] == tenant
    listed = plain.ask(desk.amqp_url, "flow.list.v1", plain.event("flow.list.v1", {}, tenant=tenant))
    assert listed.data["flows"] == []


@pytest.mark.parametrize("traceparent", ["", "zzz", "00-0-0-00", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
async def test_a_trace_context_that_is_none_does_no_harm(traceparent: str, desk: Desk) -> None:
    answer = plain.ask(desk.amqp_url, SUBMIT, plain.event(SUBMIT, good(desk), traceparent=traceparent))
    end = await desk.recorded_end(answer.data["flow_id"])
    assert end["data"]["flow"]["outcome"] == "success"


async def test_a_session_id_is_free_again_when_its_flow_was_refused(desk: Desk) -> None:
    bad = good(desk, session_id="once", input={"url": "file:///etc/passwd"})
    assert plain.ask(desk.amqp_url, SUBMIT, plain.event(SUBMIT, bad)).refusal[0] == "UnauthorizedOperation"
    answer = plain.ask(desk.amqp_url, SUBMIT, plain.event(SUBMIT, good(desk, session_id="once")))
    await desk.recorded_end(answer.data["flow_id"])


async def test_paths_that_lead_outside_are_refused(desk: Desk) -> None:
    inside = desk.directory / "in"
    inside.mkdir(parents=True)
    (inside / "link.mp4").symlink_to("/etc/passwd")
    (inside / "away").symlink_to("/etc")
    base = inside.as_uri()
    for url in (f"{base}/link.mp4", f"{base}/away/passwd", f"{base}/../../../../../../etc/passwd",
                f"{base}/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd"):  # fmt: skip
        answer = plain.ask(desk.amqp_url, SUBMIT, plain.event(SUBMIT, good(desk, input={"url": url})))
        assert answer.refusal == ("UnauthorizedOperation", "input.url"), url
    answer = plain.ask(desk.amqp_url, SUBMIT, plain.event(SUBMIT, good(desk, output={"storage": f"{base}/away/x/"})))
    assert answer.refusal == ("UnauthorizedOperation", "output.storage")


async def test_what_wants_no_answer_goes_to_the_dead_letters(desk: Desk) -> None:
    plain.waiting(desk.amqp_url, DEAD_LETTERS)
    bad = {
        SUBMIT: b"{not json, and nobody to tell",
        "flow.submit.v9": plain.body(plain.event("flow.submit.v9", {})),
        "coffee.make.v1": plain.body(plain.event("coffee.make.v1", {})),
    }
    for key, message in bad.items():
        plain.tell(desk.amqp_url, key, message)
    found: dict[str, bytes] = {}

    def all_there() -> bool:
        found.update(plain.waiting(desk.amqp_url, DEAD_LETTERS))
        return len(found) >= len(bad)

    await desk.until(all_there, "dead letters")
    assert found == bad


async def test_good_flows_go_on_among_bad_messages(desk: Desk) -> None:
    for _ in range(20):
        plain.tell(desk.amqp_url, SUBMIT, b"\x00")
    view = await desk.done(sources.SHORT, ONE_PICTURE)
    assert view.outcome == "success"

    def drained() -> bool:
        taken.extend(plain.waiting(desk.amqp_url, DEAD_LETTERS))
        return len(taken) >= 20

    taken: list[tuple[str, bytes]] = []
    await desk.until(drained, "dead letters")
