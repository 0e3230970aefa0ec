"""Every parameter of every kind of template: out of its range it is refused with its name and its range; and whatever
JSON is asked for, the answer is a checked set of parameters or a refusal that names a field."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.model import Asked
from contracts.schema_forms import Plain
from contracts.tasks import TemplateKind
from services.intake.kinds import TEMPLATES
from services.intake.parameters import checked, merged
from shared.errors import RequestError

Schema = Mapping[str, Any]
KINDS: tuple[TemplateKind, ...] = get_args(TemplateKind)

WITHOUT_PRESETS: dict[TemplateKind, dict[str, Any]] = {
    "watermark": {"type": "text", "text": {"font_type": "arial.ttf", "font_size": "5%"}},
    "head_tail": {"heads": ["s3://media/head.mp4"]},
}
"""Parameters that are fine of kinds that have no preset."""


class Bad(NamedTuple):
    """A value that a parameter can't have, and what the refusal must tell of those that it can."""

    path: tuple[str | int, ...]
    value: object
    told: tuple[str, ...]


def base(kind: TemplateKind) -> dict[str, Any]:
    """Parameters that are fine."""
    presets = TEMPLATES[kind].presets
    return min(presets.items())[1].model_dump(mode="json") if presets else copy.deepcopy(WITHOUT_PRESETS[kind])


def bad_values(schema: Schema, models: Mapping[str, Schema], path: tuple[str | int, ...] = ()) -> Iterator[Bad]:
    """One value beyond each bound, and one outside of each list of values; of lists the first item."""
    for name, member in schema.get("properties", {}).items():
        for option in _options(member, models):
            place: tuple[str | int, ...] = (*path, name)
            while "items" in option:
                (option,), place = _options(option["items"], models), (*place, 0)
            yield from bad_values(option, models, place)
            yield from (Bad(place, value, told) for value, told in _beyond(option))


def _options(member: Schema, models: Mapping[str, Schema]) -> list[Schema]:
    """What a member may be, each alternative on its own."""
    if "$ref" in member:
        return _options(models[member["$ref"].rpartition("/")[2]], models)
    if "anyOf" in member and not any("const" in option for option in member["anyOf"]):
        return [inner for option in member["anyOf"] for inner in _options(option, models)]
    return [member]


def _beyond(option: Schema) -> Iterator[tuple[object, tuple[str, ...]]]:
    if "enum" in option:
        yield "nonsense", tuple(str(value) for value in option["enum"])
        return
    zero_or = next((inner for inner in option.get("anyOf", ()) if "maximum" in inner), None)
    limits = zero_or or option
    step = 1 if option.get("type") == "integer" else 0.5
    low, high, above = (limits.get(bound) for bound in ("minimum", "maximum", "exclusiveMinimum"))
    told = tuple(_plain(bound) for bound in (low, high, above) if bound is not None)
    if low is not None and not (zero_or and low - step == 0):
        yield low - step, told
    if high is not None:
        yield high + step, told
    if above is not None:
        yield above, told


def _plain(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e5 else str(number)


def changed(parameters: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The parameters with one of them different; an object that is absent is made."""
    made = copy.deepcopy(parameters)
    place: Any = made
    for name in path[:-1]:
        if isinstance(name, str) and place.get(name) is None:
            place[name] = {}
        place = place[name]
    place[path[-1]] = value
    return made


def cases() -> Iterator[Any]:
    for kind in KINDS:
        schema = TEMPLATES[kind].parameters.model_json_schema(schema_generator=Plain)
        for bad in bad_values(schema, schema.get("$defs", {})):
            yield pytest.param(kind, bad, id=f"{kind}:{'.'.join(map(str, bad.path))}={bad.value}")


@pytest.mark.parametrize(("kind", "bad"), [*cases()])
def test_a_value_out_of_range_is_refused_with_name_and_range(kind: TemplateKind, bad: Bad) -> None:
    with pytest.raises(RequestError) as caught:
        checked(TEMPLATES[kind].parameters, changed(base(kind), bad.path, bad.value), "override")

    assert caught.value.code == "InvalidParameterValue"
    assert caught.value.field == ".".join(map(str, ("override", *bad.path)))
    said = caught.value.message
    assert all(re.search(rf"(?<![\d.]){re.escape(told)}(?![\d.]*\d)", said) for told in bad.told), said


NUMBERS = st.one_of(st.integers(), st.floats(), st.booleans())
TEXTS = st.one_of(st.text(max_size=20), st.sampled_from(["copy", "h264", "hls", "0", "-1", "concat:/x", "a'b:c,d[e]"]))


def _objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.text(max_size=10), values, max_size=3)


JSON = st.recursive(
    st.one_of(st.none(), NUMBERS, TEXTS), lambda inner: st.lists(inner, max_size=3) | _objects(inner), max_leaves=6
)


@st.composite
def changes(draw: st.DrawFn, kind: TemplateKind) -> dict[str, Any]:
    """Some parameters of a kind, by name, with any JSON in them; now and then one that there is not."""
    schema = TEMPLATES[kind].parameters.model_json_schema(schema_generator=Plain)
    return draw(_members(schema, schema.get("$defs", {})))


def _members(schema: Schema, models: Mapping[str, Schema]) -> st.SearchStrategy[dict[str, Any]]:
    members: dict[str, st.SearchStrategy[Any]] = {"no_such": JSON}
    for name, member in schema.get("properties", {}).items():
        inner = next((one for one in _options(member, models) if "properties" in one), None)
        likely = [st.sampled_from(option["enum"]) for option in _options(member, models) if "enum" in option]
        members[name] = st.one_of(*likely, st.integers(0, 9000), JSON, *([_members(inner, models)] if inner else []))
    return st.fixed_dictionaries({}, optional=members)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_is_asked_is_checked_or_refused(kind: TemplateKind, data: st.DataObject) -> None:
    model = TEMPLATES[kind].parameters
    asked = data.draw(changes(kind))
    try:
        found = checked(model, merged(base(kind), asked), "override")
    except RequestError as refused:
        assert refused.code.startswith("InvalidParameter")
        assert refused.field is not None and refused.field.startswith("override")
        assert refused.message
        return
    assert isinstance(found, Asked)
    assert model.model_validate(found.model_dump(mode="json")) == found
