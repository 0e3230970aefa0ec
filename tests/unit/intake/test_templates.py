"""Templates by number: what a task gets of them, how they change, what is refused with which range."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.envelope import CloudEvent
from contracts.flows import FlowAccepted, FlowSubmit
from contracts.kinds import KINDS
from contracts.parameters import SampledSnapshotParameters, SpriteParameters, TranscodeParameters
from contracts.subtasks import Transcode
from contracts.tasks import Tasks
from contracts.templates import FIRST_CUSTOM_DEFINITION, TemplateDescribe, TemplateView
from services.intake import listing
from services.intake.kinds import TEMPLATES
from services.intake.library import Library, named_in
from services.intake.parameters import checked, merged
from services.intake.repeats import command_id
from services.intake.rules import accept
from shared.errors import RequestError

OWN = FIRST_CUSTOM_DEFINITION
LIBRARY = Library({("transcode", OWN): {"video": {"height": 144, "bitrate_kbps": 200}}})


def submitted(tasks: dict[str, Any]) -> FlowAccepted:
    command = FlowSubmit.model_validate({"input": {"url": "file:///media/a.mp4"}, "tasks": tasks})
    return accept(command, "0" * 32, [Path("/media")], datetime(2026, 11, 21, tzinfo=UTC), LIBRARY)


def refusal(model: Any, parameters: dict[str, Any]) -> tuple[str, str | None, str]:
    with pytest.raises(RequestError) as caught:
        checked(model, parameters, "parameters")
    return caught.value.code, caught.value.field, caught.value.message


def test_a_template_of_ones_own_becomes_plain_parameters_as_a_preset_does() -> None:
    override = {"video": {"bitrate_kbps": 300}}
    plain, changed, preset = submitted(
        {"transcode": [{"definition": OWN}, {"definition": OWN, "override": override}, {"definition": 100020}]}
    ).subtasks

    assert isinstance(plain, Transcode) and isinstance(changed, Transcode) and isinstance(preset, Transcode)
    assert (plain.definition, plain.parameters.video.height, plain.parameters.video.bitrate_kbps) == (OWN, 144, 200)
    assert (changed.parameters.video.height, changed.parameters.video.bitrate_kbps) == (144, 300)
    assert preset.parameters.video.height == 540


def test_a_number_belongs_to_one_kind() -> None:
    with pytest.raises(RequestError) as caught:
        submitted({"image_sprite": [{"definition": OWN}]})
    assert (caught.value.code, caught.value.field) == (
        "ResourceNotFound.TemplateNotExist",
        "tasks.image_sprite.0.definition",
    )


def test_a_stored_template_that_fits_no_more_is_refused_at_its_task() -> None:
    library = Library({("transcode", OWN): {"video": {"codec": "h263"}}})
    with pytest.raises(RequestError) as caught:
        library.parameters("transcode", OWN, "tasks.transcode.0.definition")
    assert caught.value.field == "tasks.transcode.0.definition.video.codec"


def test_only_what_is_no_preset_has_to_be_loaded() -> None:
    tasks = Tasks.model_validate(
        {"transcode": [{"definition": 100010}, {"definition": OWN}, {"definition": 4}], "image_sprite": [{}]}
    )
    assert named_in([tasks]) == {("transcode", OWN), ("transcode", 4)}
    assert named_in([]) == set()


def test_numbers_of_ones_own_are_clear_of_all_presets() -> None:
    assert all(number < FIRST_CUSTOM_DEFINITION for kind in TEMPLATES.values() for number in kind.presets)


def test_every_preset_is_of_its_kind_s_model() -> None:
    for kind in TEMPLATES.values():
        assert {type(preset) for preset in kind.presets.values()} <= {kind.parameters}


def test_there_is_a_kind_for_each_task_and_a_task_for_each_kind() -> None:
    assert list(KINDS) == list(Tasks.model_fields)
    assert {kind.template_kind for kind in KINDS.values()} | {"watermark", "head_tail"} == set(TEMPLATES)


@pytest.mark.parametrize(
    ("model", "parameters", "code", "field", "message"),
    [
        (TranscodeParameters, {"video": {"fps": 500}}, "InvalidParameterValue", "video.fps", "must be 0 to 120"),
        (TranscodeParameters, {"video": {"fps": -1}}, "InvalidParameterValue", "video.fps", "must be 0 to 120"),
        (
            TranscodeParameters,
            {"video": {"vcrf": 52}},
            "InvalidParameterValue",
            "video.vcrf",
            "must be at most 51 for h264",
        ),
        (TranscodeParameters, {"video": {"gop": "x"}}, "InvalidParameterValue", "video.gop", "must be 0 to 100000"),
        (
            TranscodeParameters,
            {"audio": {"bitrate_kbps": 5}},
            "InvalidParameterValue",
            "audio.bitrate_kbps",
            "must be 0 or 6 to 512",
        ),
        (
            TranscodeParameters,
            {"audio": {"channels": 3}},
            "InvalidParameterValue",
            "audio.channels",
            "Input should be 0, 1, 2 or 6",
        ),
        (TranscodeParameters, {"vidoe": {}}, "InvalidParameter", "vidoe", "Extra inputs are not permitted"),
        (SampledSnapshotParameters, {"sample_type": "time"}, "InvalidParameter", "sample_interval", "Field required"),
        (
            SampledSnapshotParameters,
            {"sample_type": "time", "sample_interval": 0},
            "InvalidParameterValue",
            "sample_interval",
            "must be more than 0",
        ),
        (
            SampledSnapshotParameters,
            {"sample_type": "time", "sample_interval": float("inf")},
            "InvalidParameterValue",
            "sample_interval",
            "must be more than 0",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path_and_range(
    model: Any, parameters: dict[str, Any], code: str, field: str, message: str
) -> None:
    told = refusal(model, parameters)
    assert told == (code, f"parameters.{field}", f"parameters.{field}: {message}")


def test_what_does_not_fit_together_is_told_for_the_whole() -> None:
    sheet = {"sample_type": "time", "sample_interval": 1, "rows": 100, "columns": 1, "height": 200}
    _, field, message = refusal(SpriteParameters, sheet)
    assert (field, "at most 15000 pixels" in message) == ("parameters", True)


def test_merging_changes_what_is_named_and_nothing_else() -> None:
    base = {"a": {"b": 1, "c": [1, 2]}, "d": 4}
    assert merged(base, {"a": {"c": [3]}, "e": None}) == {"a": {"b": 1, "c": [3]}, "d": 4, "e": None}
    assert merged(base, {"a": 1}) == {"a": 1, "d": 4}
    assert base == {"a": {"b": 1, "c": [1, 2]}, "d": 4}


def views(*numbers: int) -> list[TemplateView]:
    return [TemplateView(kind="transcode", definition=number, type="custom", parameters={}) for number in numbers]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [100010, 100020, 100030, 100040, OWN, OWN + 2]),
        ({"type": "preset"}, [100010, 100020, 100030, 100040]),
        ({"type": "custom"}, [OWN, OWN + 2]),
        ({"definitions": [OWN + 2, 100020, 7]}, [100020, OWN + 2]),
        ({"definitions": [100020], "type": "custom"}, []),
    ],
)
def test_a_query_shows_presets_then_ones_own(query: dict[str, Any], found: list[int]) -> None:
    asked = TemplateDescribe.model_validate({"kind": "transcode", **query})
    shown = [one.definition for one in listing.templates(asked, views(OWN, OWN + 2))]
    presets = sorted(TEMPLATES["transcode"].presets)
    assert [number for number in shown if number in found or number not in presets] == found


def test_pages_follow_each_other() -> None:
    pages = [
        listing.page("abcde", TemplateDescribe(kind="transcode", offset=offset, limit=2)) for offset in (0, 2, 4, 6)
    ]
    assert pages == [["a", "b"], ["c", "d"], ["e"], []]


def test_the_same_message_is_the_same_command_and_no_other_is() -> None:
    def command(**changed: Any) -> str:
        attributes = {"id": "1", "source": "s", "type": "vodflow.template.put.v1", "tenant": "a"} | changed
        return command_id(CloudEvent.model_validate(attributes))

    others = [
        command(),
        command(id="2"),
        command(source="t"),
        command(tenant="b"),
        command(type="vodflow.procedure.put.v1"),
    ]
    assert command() == others[0]
    assert len(set(others)) == 5
