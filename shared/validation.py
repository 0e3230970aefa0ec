"""What a user is told of data that doesn't fit its model. Pure."""

from pydantic import BaseModel, ValidationError

from contracts import codes

from .allowed import allowed
from .errors import RequestError

_CODES = {
    "missing": codes.INVALID_PARAMETER,
    "extra_forbidden": codes.INVALID_PARAMETER,
    codes.DRM_TYPE: codes.DRM_TYPE,
}


def path(location: tuple[int | str, ...]) -> str:
    """The place of a member as users write it: `tasks.transcode.0.definition`."""
    return ".".join(str(part) for part in location)


def invalid(error: ValidationError, model: type[BaseModel], prefix: str = "") -> RequestError:
    """What a user is told of data that doesn't fit its model: the member's path, and the range if it has one."""
    first = error.errors()[0]
    field = ".".join(part for part in (prefix, path(first["loc"])) if part)
    code = _CODES.get(first["type"], codes.INVALID_PARAMETER_VALUE)
    message = str(first["msg"]).removeprefix("Value error, ")
    if message.startswith("Input should be ") and (within := allowed(model, first["loc"])):
        message = f"must be {within}"
    return RequestError(f"{field}: {message}" if field else message, code, field or None)
