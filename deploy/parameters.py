"""Every parameter of every kind of template with its values and default, from the models' JSON Schemas. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from contracts.model import Model
from contracts.schema_forms import Plain

Schema = Mapping[str, Any]


class Parameter(NamedTuple):
    """One parameter: its path below the template's parameters, what it may be, and what it is when left out."""

    path: str
    values: str
    default: str


def parameters(model: type[Model]) -> list[Parameter]:
    """The parameters of a model, members of members with their path (`video.width`)."""
    schema = model.model_json_schema(schema_generator=Plain)
    return list(_below(schema, "", schema.get("$defs", {})))


def _below(schema: Schema, path: str, models: Mapping[str, Schema]) -> Iterator[Parameter]:
    needed = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        place = f"{path}{name}"
        inner, many = _inner(member, models)
        if inner is None:
            default = "must be given" if name in needed else _default(member.get("default"))
            yield Parameter(place, _values(member, models), default)
            continue
        if many or member.get("default", ...) is None:
            values = f"{_count(member)}, each of the following" if many else "an object of the following, or absent"
            yield Parameter(place, values, "must be given" if name in needed else "absent")
        yield from _below(inner, f"{place}[]." if many else f"{place}.", models)


def _inner(member: Schema, models: Mapping[str, Schema]) -> tuple[Schema | None, bool]:
    """The model that a member is, or a list of; None when it is a plain value."""
    if "items" in member:
        return _inner(member["items"], models)[0], True
    for option in (member, *member.get("allOf", ()), *member.get("anyOf", ())):
        found = models.get(str(option.get("$ref", "")).rpartition("/")[2])
        if found is not None and "properties" in found:
            return found, False
    return None, False


def _values(member: Schema, models: Mapping[str, Schema]) -> str:
    if reference := member.get("$ref"):
        return _values(models[reference.rpartition("/")[2]], models)
    if "enum" in member:
        return ", ".join(f"`{value}`" for value in member["enum"])
    if "const" in member:
        return f"`{member['const']}`"
    if options := member.get("anyOf"):
        kind = {"type": member["type"]} if "type" in member else {}
        said = [_values({**kind, **option}, models) for option in options if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(one for one in said if one))
    if "items" in member:
        return f"{_count(member)} of: {_values(member['items'], models)}"
    if member.get("type") == "boolean":
        return "true or false"
    if member.get("type") in ("number", "integer"):
        return _range(member)
    if member.get("type") == "string":
        return _text(member)
    return "any"


def _range(member: Schema) -> str:
    """Such as "0 to 120", "more than 0"."""
    low, above = member.get("minimum"), member.get("exclusiveMinimum")
    high, below = member.get("maximum"), member.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"{low:,g} to {high:,g}"
    least = f"{low:,g} or more" if low is not None else f"more than {above:,g}" if above is not None else ""
    most = f"at most {high:,g}" if high is not None else f"less than {below:,g}" if below is not None else ""
    return " and ".join(part for part in (least, most) if part) or "a number"


def _text(member: Schema) -> str:
    form = f"`{member['pattern']}`" if "pattern" in member else "text"
    return f"{form}, at most {member['maxLength']:,} characters" if "maxLength" in member else form


def _count(member: Schema) -> str:
    least, most = member.get("minItems", 0), member.get("maxItems")
    return f"{least} to {most}" if most is not None else f"{least} or more"


def _default(value: object) -> str:
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`" if value != "" else '`""`'
