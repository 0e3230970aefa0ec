"""The AsyncAPI document holds together and tells everything that is public."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from contracts.answers import ANSWERS
from contracts.catalog import CATALOG
from contracts.schemas import ASYNCAPI, examples

DOCUMENT: dict[str, Any] = json.loads(ASYNCAPI.read_text())


def refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value
            elif name != "examples":
                yield from refs(value)
    elif isinstance(node, list):
        for item in node:
            yield from refs(item)


def at(pointer: str) -> Any:
    node: Any = DOCUMENT
    for part in pointer.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def test_every_reference_resolves() -> None:
    found = set(refs(DOCUMENT))
    assert found
    for ref in found:
        at(ref)


def test_every_public_message_is_in_it_and_no_internal_one() -> None:
    public = {key for key, message in CATALOG.items() if message.role != "work"}
    assert set(DOCUMENT["components"]["messages"]) == public


def test_every_command_is_received_and_answered_where_reply_to_says() -> None:
    commands = {key for key, message in CATALOG.items() if message.role == "command"}
    received = {
        operation["channel"]["$ref"].rpartition("/")[2]: operation
        for operation in DOCUMENT["operations"].values()
        if operation["action"] == "receive"
    }
    assert set(received) == commands == set(ANSWERS)
    for key, operation in received.items():
        reply = operation["reply"]
        assert reply["address"]["location"] == "$message.header#/replyTo"
        answers = {ref["$ref"].rpartition("/")[2] for ref in reply["messages"]}
        assert answers == {*ANSWERS[key], "command.rejected.v1"}
        assert set(at(reply["channel"]["$ref"])["messages"]) == answers


def test_every_event_is_sent_to_its_key_and_to_subscribers() -> None:
    events = {key for key, message in CATALOG.items() if message.role == "event"}
    assert set(DOCUMENT["channels"]["subscriber"]["messages"]) == events
    for key in events:
        channel = DOCUMENT["channels"][key]
        assert channel["address"] == key
        assert channel["bindings"]["amqp"]["exchange"]["name"] == CATALOG[key].exchange
        assert DOCUMENT["operations"][f"tell.{key}"]["action"] == "send"


@pytest.mark.parametrize("key", sorted(DOCUMENT["components"]["messages"]))
def test_the_example_is_the_golden_message_and_fits_the_payload(key: str) -> None:
    message = DOCUMENT["components"]["messages"][key]
    (example,) = message["examples"]
    assert example["payload"] == examples()[key]
    schema = message["payload"] | {"components": DOCUMENT["components"]}
    for validator in (Draft7Validator, Draft202012Validator):
        validator(schema).validate(example["payload"])
