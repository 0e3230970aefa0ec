"""What a change of a JSON Schema breaks: anything but a new optional member, a wider range or one more choice."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
VARIANTS = ("anyOf", "oneOf")


def breaks(old: Schema, new: Schema) -> list[str]:
    """One sentence for each thing that a message or a reader of the old schema would trip over; empty if none."""
    return list(_Comparison(old, new).between(old, new, "data"))


class _Comparison:
    """Two documents, each with its own `$defs`."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new
        self._under_way: set[tuple[str, str]] = set()

    def between(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        refs = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if refs in self._under_way:
            return
        if any(refs):
            self._under_way.add(refs)
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        yield from self._kind(old, new, path)
        yield from _ranges(old, new, path)
        yield from self._members(old, new, path)
        if "items" in old and isinstance(new.get("items"), dict):
            yield from self.between(old["items"], new["items"], f"{path}[]")
        yield from self._variants(old, new, path)
        self._under_way.discard(refs)

    def _kind(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        if any(name in new for name in VARIANTS) and not any(name in old for name in VARIANTS):
            if not any(self._fits(old, variant, path) for variant in _variants(new)):
                yield f"{path}: none of the variants takes what it was"
            return
        if "type" in new and _types(old) - _types(new):
            yield f"{path}: type {old.get('type', 'any')} became {new['type']}"
        for name in ("format", "pattern"):
            if new.get(name) not in (None, old.get(name)):
                yield f"{path}: {name} {old.get(name)!r} became {new[name]!r}"
        gone = _choices(old) - _choices(new) if _choices(new) else set()
        if gone or (_choices(new) and not _choices(old)):
            yield f"{path}: no longer allowed: {', '.join(sorted(map(str, gone))) or 'values outside the list'}"

    def _members(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in before:
            if name not in after:
                yield f"{path}.{name}: removed or renamed"
            else:
                yield from self.between(before[name], after[name], f"{path}.{name}")
        for name in set(new.get("required", ())) - set(old.get("required", ())):
            yield f"{path}.{name}: became required"
        if new.get("additionalProperties") is False and old.get("additionalProperties") is not False and before:
            yield f"{path}: unknown members became an error"

    def _variants(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        for variant in _variants(old):
            if not any(self._fits(variant, candidate, path) for candidate in _variants(new) or [new]):
                yield f"{path}: variant {variant.get('$ref', variant.get('type', variant))} is gone or changed"

    def _fits(self, old: Schema, new: Schema, path: str) -> bool:
        return not list(_Comparison(self._old, self._new).between(old, new, path))


def _ranges(old: Schema, new: Schema, path: str) -> Iterator[str]:
    for name in LOWER:
        if name in new and (name not in old or new[name] > old[name]):
            yield f"{path}: {name} {old.get(name, 'none')} became {new[name]}"
    for name in UPPER:
        if name in new and (name not in old or new[name] < old[name]):
            yield f"{path}: {name} {old.get(name, 'none')} became {new[name]}"


def _resolved(schema: Schema, root: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    target: Schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return target


def _variants(schema: Schema) -> list[Schema]:
    return [variant for name in VARIANTS for variant in schema.get(name, ())]


def _types(schema: Schema) -> set[str]:
    stated = schema.get("type", ())
    types = {stated} if isinstance(stated, str) else set(stated)
    return types | {"integer"} if "number" in types else types


def _choices(schema: Schema) -> set[Any]:
    return {schema["const"]} if "const" in schema else set(schema.get("enum", ()))
