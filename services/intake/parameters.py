"""Parameters of a template: checked with the range that a value must be in, and changed in part. Pure."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from contracts.model import Asked
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
        raise invalid(error, model, field) from error


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `change` over it: objects member by member, anything else in its whole."""
    both = dict(base)
    for name, value in change.items():
        below = both.get(name)
        both[name] = merged(below, value) if isinstance(below, dict) and isinstance(value, Mapping) else value
    return both
