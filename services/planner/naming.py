"""Names of results below the output's directory. Pure. Rule: reference section B, default names."""

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote

from contracts.kinds import KINDS
from contracts.subtasks import Subtask
from shared.locations import below

LONGEST_STEM_BYTES = 150
"""Longer input names are shortened: file systems end at 255 bytes, and the kind and number still follow."""


def input_name(url: str) -> str:
    """The source's file name without its extension, safe as a part of one: no separators, no control characters."""
    last = url.rstrip("/").rsplit("/", 1)[-1]
    if url.lower().startswith("file:"):
        last = unquote(last)
    stem = PurePosixPath(last.replace("/", "_")).stem
    return _shortened("".join(c if c.isprintable() and c not in "/\\" else "_" for c in stem)) or "input"


def _shortened(name: str) -> str:
    raw = name.encode()
    if len(raw) <= LONGEST_STEM_BYTES:
        return name
    digest = hashlib.sha256(raw).hexdigest()[:8]
    return f"{raw[: LONGEST_STEM_BYTES - 9].decode(errors='ignore')}-{digest}"


class Names:
    """Result URLs of one flow's subtasks: `{inputName}_{kind}_{definition}[_{number}].{format}`.

    A second subtask of the same kind and definition gets its number within the flow added: `..._100020-2.mp4`.
    """

    def __init__(self, source_url: str, storage: str, subtasks: Sequence[Subtask]) -> None:
        self._stem = input_name(source_url)
        self._storage = storage
        self._labels: dict[str, str] = {}
        seen: set[tuple[str, int]] = set()
        for subtask in subtasks:
            key = (subtask.kind, subtask.definition)
            label = f"{KINDS[subtask.kind].word}_{subtask.definition}"
            if key in seen:
                label += "-" + subtask.subtask_id.rsplit("-", 1)[-1]
            seen.add(key)
            self._labels[subtask.subtask_id] = label

    def url(self, subtask_id: str, extension: str, number: int | None = None) -> str:
        """Where a result goes; `number` counts from 0 within a series."""
        series = "" if number is None else f"_{number}"
        return below(self._storage, f"{self._stem}_{self._labels[subtask_id]}{series}.{extension}")
