"""Heads and tails: templates become candidates, and what can't be is refused with the field at fault."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.flows import FlowAccepted, FlowSubmit
from contracts.head_tails import HeadTailParameters
from contracts.subtasks import Transcode
from contracts.tasks import Tasks
from services.intake.kinds import TEMPLATES
from services.intake.library import Library, named_in
from services.intake.parameters import checked
from services.intake.rules import accept
from services.intake.template_handlers import check_name
from shared.errors import RequestError

OWN, OUTSIDE = 1_000_001, 1_000_002
INTRO, OUTRO = "file:///media/intro.mp4", "s3://media/outro.mp4"
LIBRARY = Library(
    {
        ("head_tail", OWN): {"heads": [INTRO], "tails": [OUTRO, INTRO], "fill_type": "gauss"},
        ("head_tail", OUTSIDE): {"tails": ["file:///etc/passwd"]},
    },
    {"both": Tasks.model_validate({"transcode": [{"definition": 100010, "head_tails": [{"definition": OUTSIDE}]}]})},
)


def submitted(task: dict[str, Any] | None, **others: Any) -> FlowAccepted:
    asked = others if task is None else {"tasks": {"transcode": [{"definition": 100010, **task}]}}
    command = FlowSubmit.model_validate({"input": {"url": "file:///media/a.mp4"}, **asked})
    return accept(command, "0" * 32, [Path("/media")], datetime(2026, 11, 24, tzinfo=UTC), LIBRARY)


def refused(task: dict[str, Any] | None, **others: Any) -> tuple[str, str | None]:
    with pytest.raises(RequestError) as caught:
        submitted(task, **others)
    return caught.value.code, caught.value.field


def test_templates_and_raw_become_candidates_in_the_order_asked() -> None:
    raw = {"definition": 0, "raw": {"tails": [OUTRO]}}
    [subtask] = submitted({"head_tails": [raw, {"definition": OWN}]}).subtasks
    assert isinstance(subtask, Transcode)
    assert subtask.head_tails == [
        HeadTailParameters(tails=[OUTRO]),
        HeadTailParameters(heads=[INTRO], tails=[OUTRO, INTRO], fill_type="gauss"),
    ]
    assert subtask.head_tails[0].fill_type == "stretch"


def test_templates_named_by_renditions_are_loaded() -> None:
    asked = [{"definition": OWN}, {"raw": {"heads": [INTRO]}}]
    tasks = Tasks.model_validate({"transcode": [{"definition": 100010, "head_tails": asked}]})
    assert named_in([tasks]) == {("head_tail", OWN)}


@pytest.mark.parametrize(
    ("task", "code", "field"),
    [
        ({"head_tails": [{"definition": 7}]}, "ResourceNotFound.TemplateNotExist", "0.definition"),
        ({"head_tails": [{"definition": OUTSIDE}]}, "UnauthorizedOperation", "0.definition"),
        (
            {"head_tails": [{"definition": OWN}, {"raw": {"heads": [INTRO, "file:///etc/passwd"]}}]},
            "UnauthorizedOperation",
            "1.raw.heads.1",
        ),
        ({"head_tails": [{"raw": {"tails": ["https://host/a.mp4"]}}]}, "UnsupportedProtocol", "0.raw.tails.0"),
        ({"head_tails": [{"raw": {"tails": ["concat:a|b"]}}]}, "UnsupportedProtocol", "0.raw.tails.0"),
        ({"head_tails": [{"definition": OWN}], "override": {"remove_video": True}}, "InvalidParameterValue", ""),
        (
            {"head_tails": [{"definition": OWN}], "override": {"video": {"codec": "copy"}, "remove_audio": True}},
            "InvalidParameterValue",
            "",
        ),
    ],
)
def test_what_can_not_be_is_refused_with_its_field(task: dict[str, Any], code: str, field: str) -> None:
    override = task.get("override", {})
    if override.get("video", {}).get("codec") == "copy":
        task = task | {"override": override | {"video": {"codec": "copy", "fps": 0, "bitrate_kbps": 0, "height": 0}}}
    assert refused(task) == (code, ".".join(part for part in ("tasks.transcode.0.head_tails", field) if part))


def test_a_procedures_clips_are_checked_too() -> None:
    assert refused(None, procedure="both") == ("UnauthorizedOperation", "procedure")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([{"definition": 0}], "raw goes with definition 0"),
        ([{"definition": OWN, "raw": {"heads": [INTRO]}}], "raw goes with definition 0"),
        ([{"raw": {}}], "give heads, tails or both"),
        ([{"raw": {"heads": [INTRO] * 6}}], "at most 5 items"),
        ([{"definition": OWN}] * 11, "at most 10 items"),
        ([{"raw": {"heads": [""]}}], "at least 1 character"),
    ],
)
def test_what_does_not_fit_is_told_by_the_model(asked: list[Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Tasks.model_validate({"transcode": [{"definition": 100010, "head_tails": asked}]})


def test_a_template_has_a_quota_a_name_and_no_presets() -> None:
    kind = TEMPLATES["head_tail"]
    assert (kind.quota, dict(kind.presets), kind.named) == (100, {}, True)
    with pytest.raises(RequestError) as caught:
        check_name("head_tail", "")
    assert (caught.value.code, caught.value.field) == ("InvalidParameter", "name")
    check_name("head_tail", "intro")
    check_name("transcode", "")
    with pytest.raises(RequestError, match=r"parameters\.fill_type"):
        checked(HeadTailParameters, {"heads": [INTRO], "fill_type": "blue"}, "parameters")
