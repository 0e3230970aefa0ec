"""The operator's file of subscriptions: TOML, a `[[subscription]]` table for each."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter, ValidationError

from contracts.subscriptions import SubscriptionPut
from shared.errors import RequestError
from shared.validation import invalid
from shared.web_rules import WebRules

from .filters import check_filter
from .versions import check_endpoint

_TENANT: TypeAdapter[str] = TypeAdapter(Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")])


@dataclass(frozen=True)
class Declared:
    """A subscription of the file."""

    tenant: str
    asked: SubscriptionPut


class BadFile(Exception):
    """A file that can't be applied; `lines` tell all that is wrong with it, and where."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def declared(file: Path, web: WebRules) -> list[Declared]:
    """The subscriptions of a file. Raises BadFile."""
    try:
        content = tomllib.loads(file.read_bytes().decode())
    except OSError as error:
        raise BadFile([f"{file}: can't be read: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile([f"{file}: is no TOML: {error}"]) from error
    tables = content.pop("subscription", [])
    wrong = [f"{file}: {name}: no such table; there is [[subscription]]" for name in content]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadFile([*wrong, f"{file}: subscription: write each as a table [[subscription]]"])
    found: dict[tuple[str, str], Declared] = {}
    for number, table in enumerate(tables, start=1):
        place = f"{file}: subscription {number} ({table.get('name', 'without a name')})"
        try:
            one = _read(table, web)
        except BadFile as error:
            wrong += [f"{place}: {line}" for line in error.lines]
            continue
        if found.setdefault((one.tenant, one.asked.name), one) is not one:
            wrong.append(f"{place}: name: tenant {one.tenant} has a subscription of this name already")
    if wrong:
        raise BadFile(wrong)
    return list(found.values())


def _read(table: dict[str, Any], web: WebRules) -> Declared:
    members = dict(table)
    tenant = members.pop("tenant", "default")
    try:
        _TENANT.validate_python(tenant, strict=True)
    except ValidationError:
        raise BadFile(["tenant: 1 to 64 letters, digits, - and _, the first no - or _"]) from None
    try:
        asked = SubscriptionPut.model_validate(members)
        check_filter(asked)
        check_endpoint(asked, web)
    except ValidationError as error:
        raise BadFile([_line(error, problem) for problem in error.errors()]) from error
    except RequestError as error:
        raise BadFile([f"{error.field}: {error.message}"]) from error
    return Declared(tenant, asked)


def _line(error: ValidationError, problem: Any) -> str:
    told = invalid(ValidationError.from_exception_data(error.title, [problem]), SubscriptionPut)
    return told.message
