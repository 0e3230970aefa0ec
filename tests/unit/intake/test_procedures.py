"""Procedures by name: what a submission gets of them, and which presets there are."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.flows import FlowAccepted, FlowSubmit
from contracts.kinds import KINDS
from contracts.procedures import ProcedureDescribe, ProcedureView
from contracts.tasks import Tasks
from services.intake import listing, preset_procedures
from services.intake.library import Library
from services.intake.preset_procedures import KEPT_NAMES, PRESET_PROCEDURES, complete
from services.intake.rules import accept
from shared.errors import RequestError

TASKS = Tasks.model_validate({"image_sprite": [{}], "transcode": [{"definition": 100010}]})


def submitted(procedure: str, **procedures: Tasks) -> FlowAccepted:
    command = FlowSubmit.model_validate({"input": {"url": "file:///media/a.mp4"}, "procedure": procedure})
    library = Library(procedures=procedures)
    return accept(command, "0" * 32, [Path("/media")], datetime(2026, 11, 21, tzinfo=UTC), library)


def test_a_procedure_stands_for_its_tasks() -> None:
    accepted = submitted("mine", mine=TASKS)

    assert [subtask.subtask_id for subtask in accepted.subtasks] == ["transcode-1", "image_sprite-1"]
    assert accepted.procedure == "mine"


def test_an_unknown_procedure_is_refused() -> None:
    with pytest.raises(RequestError) as caught:
        submitted("other", mine=TASKS)
    assert (caught.value.code, caught.value.field) == ("InvalidParameter.ProcedureNameNotExist", "procedure")


def test_a_procedure_whose_template_is_gone_is_refused_telling_which() -> None:
    with pytest.raises(RequestError, match=r"tasks\.transcode\.1\.definition") as caught:
        submitted("mine", mine=Tasks.model_validate({"transcode": [{"definition": 100010}, {"definition": 5}]}))
    assert (caught.value.code, caught.value.field) == ("ResourceNotFound.TemplateNotExist", "procedure")


def test_a_preset_is_there_as_soon_as_its_kinds_and_templates_are() -> None:
    steps: dict[str, Any] = {
        "all here": {"image_sprite": [{"definition": 10}], "sampled_snapshot": [{"definition": 10}]},
        "no such kind": {"image_sprite": [{"definition": 10}], "hologram": [{"definition": 10}]},
        "no such template": {"image_sprite": [{"definition": 11}]},
    }
    (name, tasks), *others = complete(steps).items()
    assert (name, tasks.count(), others) == ("all here", 2, [])


def test_presets_are_complete_or_not_there_at_all() -> None:
    """Also when their kinds come: then their steps must be what the kinds' tasks are."""
    assert set(PRESET_PROCEDURES) <= KEPT_NAMES
    assert set(preset_procedures._STEPS) <= KEPT_NAMES
    kinds = set(KINDS)
    waiting = {name for name, steps in preset_procedures._STEPS.items() if not set(steps) <= kinds}
    assert set(PRESET_PROCEDURES) == set(preset_procedures._STEPS) - waiting


@pytest.mark.parametrize(
    ("query", "found"),
    [({}, ["b", "a"]), ({"names": ["a", "c"]}, ["a"]), ({"type": "custom"}, ["b", "a"]), ({"type": "preset"}, [])],
)
def test_a_query_shows_what_it_names(query: dict[str, Any], found: list[str]) -> None:
    own = [ProcedureView(name=name, type="custom", tasks=TASKS) for name in "ba"]
    shown = listing.procedures(ProcedureDescribe.model_validate(query), own)
    assert [one.name for one in shown if one.type == "custom"] == found
