"""What counts as an incompatible change of a schema."""

from typing import Any

import pytest

from contracts.compatibility import breaks

Schema = dict[str, Any]


def of(member: Schema, *, required: bool = False, **others: Any) -> Schema:
    return {"type": "object", "properties": {"a": member}, **({"required": ["a"]} if required else {}), **others}


TEXT = {"type": "string"}
VARIANTS = {
    "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
}


def animals(**changes: Schema) -> Schema:
    cat = of({"const": "cat", "type": "string"}, required=True)
    dog = of({"const": "dog", "type": "string"}, required=True)
    return of(VARIANTS) | {"$defs": {"Cat": cat, "Dog": dog} | changes}


HARMLESS = {
    "a new optional member": (of(TEXT), of(TEXT) | {"properties": {"a": TEXT, "b": TEXT}}),
    "no more required": (of(TEXT, required=True), of(TEXT)),
    "one more choice": (of({"enum": ["x"]}), of({"enum": ["x", "y"]})),
    "a wider range": (of({"type": "integer", "minimum": 2, "maximum": 5}), of({"type": "integer", "minimum": 1})),
    "integer becomes number": (of({"type": "integer"}), of({"type": "number"})),
    "may be null now": (of(TEXT), of({"anyOf": [TEXT, {"type": "null"}]})),
    "another description": (of(TEXT | {"description": "x"}), of(TEXT | {"description": "y"})),
    "one more variant": (of({"anyOf": [TEXT]}), of({"anyOf": [TEXT, {"type": "integer"}]})),
    "unknown members allowed": (of(TEXT, additionalProperties=False), of(TEXT)),
    "a variant grew": (animals(), animals(Cat=animals()["$defs"]["Cat"] | {"title": "Cat"})),
}
BREAKING = {
    "removed": (of(TEXT), {"type": "object", "properties": {}}, "data.a: removed or renamed"),
    "became required": (of(TEXT), of(TEXT, required=True), "data.a: became required"),
    "type": (of(TEXT), of({"type": "integer"}), "data.a: type string became integer"),
    "number becomes integer": (of({"type": "number"}), of({"type": "integer"}), "data.a: type number became integer"),
    "choice": (of({"enum": ["x", "y"]}), of({"enum": ["x"]}), "data.a: no longer allowed: y"),
    "choices only": (of(TEXT), of(TEXT | {"enum": ["x"]}), "data.a: no longer allowed: values outside the list"),
    "constant": (of({"const": "x"}), of({"const": "y"}), "data.a: no longer allowed: x"),
    "minimum": (of({"minimum": 1}), of({"minimum": 2}), "data.a: minimum 1 became 2"),
    "new maximum": (of({}), of({"maxLength": 9}), "data.a: maxLength none became 9"),
    "pattern": (of(TEXT), of(TEXT | {"pattern": "^x$"}), "data.a: pattern None became '^x$'"),
    "format": (of(TEXT | {"format": "uri"}), of(TEXT | {"format": "date"}), "data.a: format 'uri' became 'date'"),
    "strict": (of(TEXT), of(TEXT, additionalProperties=False), "data: unknown members became an error"),
    "list items": (
        of({"type": "array", "items": TEXT}),
        of({"type": "array", "items": {"type": "integer"}}),
        "data.a[]: type string became integer",
    ),
    "null no more": (
        of({"anyOf": [TEXT, {"type": "null"}]}),
        of(TEXT),
        "data.a: variant null is gone or changed",
    ),
    "a variant changed": (
        animals(),
        animals(Dog=of({"const": "wolf", "type": "string"}, required=True)),
        "data.a: variant #/$defs/Dog is gone or changed",
    ),
}


@pytest.mark.parametrize("change", HARMLESS)
def test_harmless(change: str) -> None:
    assert breaks(*HARMLESS[change]) == []


@pytest.mark.parametrize("change", BREAKING)
def test_breaking(change: str) -> None:
    old, new, what = BREAKING[change]
    assert breaks(old, new) == [what]


def test_recursive_schemas_end() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    schema = {"$ref": "#/$defs/Node", "$defs": {"Node": node}}
    assert breaks(schema, schema) == []
