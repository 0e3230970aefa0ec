"""Parameters of a template: checked with the range that a value must be in, and changed in part. Pure."""

from collections.abc import Mapping
from types import UnionType
from typing import Any, TypeVar, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError

from contracts.model import Asked
from shared.errors import RequestError
from shared.validation import invalid

P = TypeVar("P", bound=Asked)


def checked(model: type[P], parameters: Mapping[str, Any], field: str) -> P:
    """The parameters as their model.

    Raises:
        RequestError: one does not fit; tells its path below `field`, and the whole range if it has one.
    """
    try:
        return model.model_validate(parameters)
    except ValidationError as error:
        refused = invalid(error, field)
        allowed = _range(model, error.errors()[0]["loc"])
        if allowed and refused.message.startswith(f"{refused.field}: Input should be "):
            refused = RequestError(f"{refused.field}: must be {allowed}", refused.code, refused.field)
        raise refused from error


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `change` over it: objects member by member, anything else in its whole."""
    both = dict(base)
    for name, value in change.items():
        below = both.get(name)
        both[name] = merged(below, value) if isinstance(below, dict) and isinstance(value, Mapping) else value
    return both


def _range(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    """The range of the member at `location`, such as "0 to 120"; "" if it has none."""
    name = location[0] if location else ""
    member = model.model_fields.get(str(name))
    if member is None:
        return ""
    if len(location) > 1:
        below = _model(member.annotation)
        return _range(below, location[1:]) if below else ""
    low = next((f"{m.ge}" for m in member.metadata if isinstance(m, Ge)), "")
    above = next((f"more than {m.gt}" for m in member.metadata if isinstance(m, Gt)), "")
    high = next((f"{m.le}" for m in member.metadata if isinstance(m, Le)), "")
    under = next((f"less than {m.lt}" for m in member.metadata if isinstance(m, Lt)), "")
    if low and high:
        return f"{low} to {high}"
    least = f"{low} or more" if low else above
    most = f"{high} or less" if high else under
    return " and ".join(part for part in (least, most) if part)


def _model(annotation: Any) -> type[BaseModel] | None:
    candidates = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    return next((one for one in candidates if isinstance(one, type) and issubclass(one, BaseModel)), None)
