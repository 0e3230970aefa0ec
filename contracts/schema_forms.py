"""How models become JSON Schema here: described by docstrings, strict or open, draft 2020-12 or draft-07."""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema


class Plain(GenerateJsonSchema):
    """Members described by the docstrings under them; no titles that only repeat a member's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """As pydantic makes it, with the members' docstrings."""
        made = super().model_schema(schema)
        if "description" in made:
            made["description"] = _one_line(made["description"])
        for name, member in made.get("properties", {}).items():
            if text := _docstrings(schema["cls"]).get(name):
                member.setdefault("description", text)
        return made


def opened(node: Any) -> Any:
    """The schema with unknown members allowed at every depth."""
    if isinstance(node, list):
        return [opened(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        name: opened(value) for name, value in node.items() if not (name == "additionalProperties" and value is False)
    }


def draft7(node: Any) -> Any:
    """As draft-07 and AsyncAPI read it: nothing beside a `$ref`, no OpenAPI discriminator."""
    if isinstance(node, list):
        return [draft7(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {name: draft7(value) for name, value in node.items() if name != "discriminator"}
    if "$ref" in made and len(made) > 1:
        made["allOf"] = [{"$ref": made.pop("$ref")}]
    return made


def _docstrings(model: type) -> dict[str, str]:
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base.__module__.startswith(model.__module__.partition(".")[0]):
            texts |= _of_module(base.__module__).get(base.__name__, {})
    return texts


@cache
def _of_module(name: str) -> dict[str, dict[str, str]]:
    parsed = ast.parse(inspect.getsource(sys.modules[name]))
    return {part.name: dict(_of_class(part)) for part in parsed.body if isinstance(part, ast.ClassDef)}


def _of_class(defined: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for member, following in pairwise(defined.body):
        match member, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, _one_line(text)
            case _:
                pass


def _one_line(text: str) -> str:
    return " ".join(text.split())
