"""Edits through the running services: by message, by command line, and what is refused."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from contracts.edits import EditSubmit
from contracts.errors import Refused
from contracts.flows import FlowView
from contracts.subtasks import EditMediaOutput
from tests.e2e import sources
from tests.e2e.desk import Desk, failures, path_of, subtask_of
from tests.e2e.test_cli import Cli
from tests.media import truth

SIZE = {"width": 256, "height": 144, "resolution_adaptive": "close"}


async def submitted(desk: Desk, inputs: Sequence[object], **members: Any) -> str:
    """Ask for an edit; its flow's id."""
    asked = {"inputs": inputs, "output": {"storage": desk.out()}, "config": {"video": SIZE}, **members}
    return (await desk.client.edit(EditSubmit.model_validate(asked))).flow_id


def edited(view: FlowView) -> EditMediaOutput:
    """What came of it."""
    output = subtask_of(view, "edit_media-1").output
    assert isinstance(output, EditMediaOutput)
    return output


async def test_by_message(desk: Desk) -> None:
    """Two seconds of a film, the last second of a clip stored lying down, and the film's first second."""
    film, clip = desk.put_in(sources.SUBTITLED), desk.put_in(sources.PORTRAIT)
    inputs = [
        {"url": film},
        {"url": clip, "start_time_offset_s": -1},
        {"url": film, "end_time_offset_s": 1},
    ]
    flow_id = await submitted(desk, inputs, session_id="one", session_context="opaque", notify={"mode": "change"})
    view = await desk.ended(flow_id)
    assert view.outcome == "success", failures(view)
    assert [one.url for one in view.inputs] == [film, clip, film] and view.input.url == film
    made = edited(view)
    assert made.url.endswith("_editMedia_10.mp4") and made.video is not None
    assert (made.video.width, made.video.height, made.base, made.copied) == (256, 144, 1, False)
    shown = truth.frames(path_of(made.url), "v:0", "null")
    assert len(shown) == made.video.frames and made.inputs[1].start_s > 0
    events = desk.recorder.of(flow_id)
    ends = [event for event in events if event["type"] == "vodflow.edit.finished.v1"]
    assert [event["sequence"] for event in ends] == [events[-1]["sequence"] - 1]
    told = ends[0]["data"]
    assert (told["session_id"], told["session_context"]) == ("one", "opaque")
    assert [one["url"] for one in told["inputs"]] == [film, clip, film]
    assert EditMediaOutput.model_validate(told["subtask"]["output"]) == made
    with pytest.raises(Refused) as refused:
        await submitted(desk, inputs, session_id="one")
    assert refused.value.code == "FailedOperation.TaskDuplicate"


async def test_by_command_line(desk: Desk) -> None:
    cli = Cli(desk)
    film = path_of(desk.put_in(sources.SUBTITLED, "it's a@film.mp4"))
    config = json.dumps({"video": SIZE})
    taken = [f"{film}@0.5-1", str(film), f"{film}@-0.2-"]
    accepted, ended = await cli.json("edit", *taken, "--config", config, "--name-template", "cut.{format}", "--wait")
    assert (ended["flow_id"], ended["outcome"]) == (accepted["flow_id"], "success")
    made = ended["subtasks"][0]["output"]
    assert path_of(made["url"]).name == "cut.mp4" and path_of(made["url"]).is_file()
    assert made["duration_s"] == pytest.approx(0.5 + 2 + 0.2, abs=0.15)
    code, out, _ = await cli("show", accepted["flow_id"])
    assert (code, "and 2 more" in out, "encoded" in out) == (0, True, True)
    code, out, _ = await cli("edit", str(film), str(film), "--name-template", "twice.{format}", "--wait")
    assert (code, "pictures copied" in out) == (0, True), out
    for arguments, wanted in (
        (["edit", "no-such-file.mp4"], (2, "no such file")),
        (["edit", f"{film}@2-1"], (3, "inputs.0.end_time_offset_s")),
        (["edit", str(film), "file:///etc/passwd"], (3, "inputs.1.url")),
        (["edit", str(film), str(film), "--fast"], (3, "config.type")),
        (["edit", str(film), "--definition", "30"], (2, "definition")),
    ):
        code, _, err = await cli(*arguments)
        assert (code, wanted[1] in err) == (wanted[0], True), err


async def test_an_input_that_is_at_fault_is_named_and_nothing_is_left(desk: Desk) -> None:
    film, broken = desk.put_in(sources.SUBTITLED), desk.put_in(sources.TRUNCATED)
    late = {"url": film, "start_time_offset_s": 1, "end_time_offset_s": 60}
    for inputs, code, said in (
        ([{"url": film}, late], "InvalidInput.InvalidTimeOffset", "inputs.1"),
        ([{"url": film}, {"url": broken}], "SourceFileError.ContentMalformed", "inputs.1"),
        ([{"url": broken}], "SourceFileError.ContentMalformed", "inputs.0"),
    ):
        view = await desk.ended(await submitted(desk, inputs))
        subtask = subtask_of(view, "edit_media-1")
        assert (view.outcome, subtask.code) == ("failed", code)
        assert said in subtask.message
        assert len([one for one in desk.recorder.of(view.flow_id) if one["type"] == "vodflow.edit.finished.v1"]) == 1
