"""From the arguments of `vodflow edit` to the command: pure."""

import re
from collections.abc import Sequence
from typing import Any

from ..edits import EditSubmit
from .request import WrongFlag, output_url, source_url

_SECONDS = r"-?\d+(?:\.\d+)?"
_WINDOW = re.compile(rf"(?P<source>.+)@(?P<start>{_SECONDS})?-(?P<end>{_SECONDS})?", re.ASCII | re.DOTALL)


def build(
    inputs: Sequence[str], config: dict[str, Any], members: dict[str, Any], output: str | None, storage_root: str | None
) -> EditSubmit:
    """The command. Raises WrongFlag, or pydantic.ValidationError when a value is out of its range."""
    taken = [edit_input(text) for text in inputs]
    directory = members.pop("dir")
    first = taken[0]["url"]
    storage = output_url(output, first, storage_root) or (first.rsplit("/", 1)[0] + "/" if directory else None)
    place = {"output": {"storage": storage, "dir": directory}} if storage else {}
    return EditSubmit.model_validate({"inputs": taken, "config": config, **members, **place})


def edit_input(text: str) -> dict[str, Any]:
    """An input from `SOURCE`, `SOURCE@START-END` (seconds, negative from the end), `SOURCE@START-` or `SOURCE@-END`.

    A path that is there counts as it is, also when it ends like a window. Raises WrongFlag if there is no such file.
    """
    found = _WINDOW.fullmatch(text)
    if not found or _there(text):
        return {"url": source_url(text)}
    start, end = (float(found[name] or 0) for name in ("start", "end"))
    return {"url": source_url(found["source"]), "start_time_offset_s": start, "end_time_offset_s": end}


def _there(text: str) -> bool:
    try:
        return "://" not in text and bool(source_url(text))
    except WrongFlag:
        return False
