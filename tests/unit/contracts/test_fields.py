"""Rules of single members: the model and its JSON Schema agree."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from contracts.parameters import VideoSide
from contracts.subscriptions import Pattern
from contracts.tasks import TimeOffset

CASES: list[tuple[Any, list[Any], list[Any]]] = [
    (VideoSide, [0, 128, 8192], [1, 127, 8193, -1]),
    (
        TimeOffset,
        ["3.5s", "-2s", "0s", "10%", "100%", "99.5%", "100.0%"],
        ["", "s", "3.5", "101%", "-1%", "1e3s", " 1s"],
    ),
    (Pattern, ["#", "*", "flow.*.v1", "subtask.#"], ["", "flow.", ".flow", "flow*", "a..b", "x" * 65, "a." * 16 + "a"]),
]


def accepts(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("kind", "good", "bad"), CASES)
def test_model_and_schema_accept_the_same(kind: Any, good: list[Any], bad: list[Any]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    schema = Draft202012Validator(adapter.json_schema())
    for value in good + bad:
        assert (accepts(adapter, value), schema.is_valid(value)) == (value in good, value in good), value
