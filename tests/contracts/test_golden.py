"""Every version of every message stays readable: one golden file each, written by hand, never changed afterwards."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from contracts.catalog import CATALOG
from contracts.envelope import CloudEvent
from contracts.schemas import GOLDEN, data_schema, envelope_schema

KEYS = sorted(CATALOG)
COMMANDS = [key for key in KEYS if CATALOG[key].role == "command"]
READ = [key for key in KEYS if CATALOG[key].role != "command"]


def golden(key: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(GOLDEN, f"{key}.json").read_text())
    return loaded


def with_unknown(node: Any) -> Any:
    if isinstance(node, list):
        return [with_unknown(item) for item in node]
    if isinstance(node, dict):
        return {name: with_unknown(value) for name, value in node.items()} | {"later_version": {"a": [1]}}
    return node


def without_unknown(node: Any) -> Any:
    """Members whose names are anybody's choice (an override's, say) keep what came in them."""
    if isinstance(node, list):
        return [without_unknown(item) for item in node]
    if isinstance(node, dict):
        return {name: without_unknown(value) for name, value in node.items() if name != "later_version"}
    return node


def kept(before: Any, after: Any) -> bool:
    """Whether everything in `before` is in `after`, which may have more members."""
    if isinstance(before, dict):
        return isinstance(after, dict) and all(
            (value is None and name not in after) or (name in after and kept(value, after[name]))
            for name, value in before.items()
        )
    if isinstance(before, list):
        return isinstance(after, list) and len(before) == len(after) and all(map(kept, before, after))
    return bool(before == after)


def test_there_is_one_for_each_message_and_no_other() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_it_is_read_without_loss_and_written_equal(key: str) -> None:
    event = CloudEvent.model_validate(golden(key))
    data = CATALOG[key].read(event.data)

    again = CloudEvent.of(key, data, source=event.source, **event.model_dump(exclude={"data", "type", "source"}))

    assert event.key == key
    assert kept(golden(key), json.loads(again.to_json()))
    assert CATALOG[key].read(CloudEvent.model_validate_json(again.to_json()).data) == data


@pytest.mark.parametrize("key", KEYS)
def test_it_fits_its_json_schema(key: str) -> None:
    message = golden(key)
    for schema, instance in ((envelope_schema(), message), (data_schema(CATALOG[key]), message["data"])):
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(instance)


@pytest.mark.parametrize("key", READ)
def test_what_is_read_may_have_unknown_members_at_every_depth(key: str) -> None:
    message = golden(key)
    read = CATALOG[key].read(with_unknown(message["data"])).model_dump(mode="json")
    assert without_unknown(read) == CATALOG[key].read(message["data"]).model_dump(mode="json")
    Draft202012Validator(data_schema(CATALOG[key])).validate(with_unknown(message["data"]))


@pytest.mark.parametrize("key", COMMANDS)
def test_a_command_with_an_unknown_member_is_refused(key: str) -> None:
    data = golden(key)["data"] | {"mispelt": 1}
    with pytest.raises(ValidationError, match="mispelt"):
        CATALOG[key].read(data)
    assert not Draft202012Validator(data_schema(CATALOG[key])).is_valid(data)


def test_the_envelope_keeps_extension_attributes_that_it_does_not_know() -> None:
    message = golden("flow.finished.v1") | {"myextension": "kept"}
    assert json.loads(CloudEvent.model_validate(message).to_json())["myextension"] == "kept"
