"""The range that a number of a model must be in, as users are told it. Pure."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

Location = tuple[int | str, ...]


def allowed(model: type[BaseModel], location: Location) -> str:
    """The range of the member at `location`, such as "0 to 120"; "" if it has none."""
    for name in location[:1]:
        member = model.model_fields.get(str(name))
        if member is not None:
            return _of(member.annotation, list(member.metadata), location[1:])
    return ""


def _of(annotation: Any, metadata: list[Any], location: Location) -> str:
    """Below an annotation: numbers in a location are places in lists."""
    if get_origin(annotation) is Annotated:
        return _of(get_args(annotation)[0], [*metadata, *get_args(annotation)[1:]], location)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return allowed(annotation, location)
    if isinstance(location[0] if location else "", int):
        return next((found for inner in get_args(annotation) if (found := _of(inner, [], location[1:]))), "")
    if not location and (found := _told(metadata)):
        return found
    inside = get_args(annotation) if get_origin(annotation) is not list else ()
    return next((found for inner in inside if (found := _of(inner, [], location))), "")


def _told(metadata: list[Any]) -> str:
    low = next((f"{m.ge}" for m in _flat(metadata) if isinstance(m, Ge)), "")
    above = next((f"more than {m.gt}" for m in _flat(metadata) if isinstance(m, Gt)), "")
    high = next((f"{m.le}" for m in _flat(metadata) if isinstance(m, Le)), "")
    under = next((f"less than {m.lt}" for m in _flat(metadata) if isinstance(m, Lt)), "")
    if low and high:
        return f"{low} to {high}"
    least = f"{low} or more" if low else above
    most = f"{high} or less" if high else under
    return " and ".join(part for part in (least, most) if part)


def _flat(metadata: list[Any]) -> Iterator[Any]:
    """With what pydantic's `Field` keeps inside of itself."""
    for one in metadata:
        yield from (one, *getattr(one, "metadata", ()))
