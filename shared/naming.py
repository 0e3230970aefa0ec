"""What results are called: a task's templates, or the default ones, with everything known filled in. Pure.

Source: reference B.4. However hostile the source's name is, no variable's value holds a separator, a control character
or nothing but dots, so that a name never leads out of the directory that its template names.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, NamedTuple
from urllib.parse import unquote

from contracts.flows import Output
from contracts.kinds import WORDS
from contracts.name_templates import filled, pieces
from contracts.naming_options import Segmented, SeveralFiles, Sheets, SubStreams
from contracts.subtasks import Subtask

from .web_rules import is_web

LONGEST_STEM_BYTES = 150
"""Longer input names are shortened: file systems end at 255 bytes, and the kind and number still follow."""
LONGEST_FORMAT = 16
EXTENSIONS = {"hls": "m3u8", "mpeg-dash": "mpd"}
"""Of the first file of a result, where it is another word than its format's."""

Member = Literal["output_object_path", "web_vtt_object_name", "sub_stream_object_name", "segment_object_name"]


class Files(NamedTuple):
    """Files that a subtask makes: the member that names them, and the numbers that tell them apart."""

    member: Member
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where files go: below the directory URL `storage`; `pieces` is their path, split at what is still open."""

    storage: str
    pieces: list[str]


def input_name(url: str) -> str:
    """The source's file name without its extension, safe as a part of one or as a whole one."""
    return _safe(PurePosixPath(_last(url)).stem) or "input"


def input_format(url: str) -> str:
    """The source's extension, letters and digits; "none" if it has none."""
    suffix = PurePosixPath(_last(url)).suffix[1:]
    return "".join(c for c in suffix if c.isascii() and c.isalnum())[:LONGEST_FORMAT] or "none"


def input_dir(url: str) -> str:
    """The source's directory within its storage, or a web URL's path, without "/" at its ends; each part as safe as
    `input_name`."""
    if is_web(url):
        path = "/".join(_web_parts(url))
    elif url.lower().startswith("file:"):
        rest = url[len("file:") :]
        path = unquote("/" + rest[2:].partition("/")[2] if rest.startswith("//") else rest)
    else:
        path = url.partition("://")[2].partition("/")[2]
    return "/".join(_safe(part) for part in path.split("/")[:-1] if part)


def files(subtask: Subtask) -> Iterator[Files]:
    """What files a subtask may make."""
    if isinstance(subtask, SeveralFiles):
        yield Files("output_object_path", ("number",))
    else:
        yield Files("output_object_path")
    if isinstance(subtask, Sheets):
        yield Files("web_vtt_object_name")
    if isinstance(subtask, Segmented) and extension(subtask) == EXTENSIONS["hls"]:
        yield Files("segment_object_name", ("number",))
    if isinstance(subtask, SubStreams):
        yield Files("sub_stream_object_name", ("subStreamNumber",))
        yield Files("segment_object_name", ("subStreamNumber", "segmentNumber"))


def extension(subtask: Subtask) -> str:
    """Of a subtask's first file, without the dot."""
    parameters = subtask.parameters
    form = str(getattr(parameters, "container", None) or getattr(parameters, "format", "")).lower()
    return EXTENSIONS.get(form, form)


class Naming:
    """The places of one flow's results.

    By default `{inputName}_{kind}_{definition}[_{number}].{format}`; a second subtask of the same kind and definition
    has its number within the flow behind its definition: `..._100020-2.mp4`.
    """

    def __init__(self, source_url: str, output: Output, subtasks: Sequence[Subtask]) -> None:
        self._source = {"inputName": input_name(source_url), "inputFormat": input_format(source_url)}
        self._output = output
        directory = "".join(filled(pieces(output.dir), self._source | {"inputDir": input_dir(source_url)}))
        self.directory = "/".join(part for part in directory.split("/") if part)
        """Of results below their storage, without "/" at its ends; "" for the storage itself."""
        self._subtasks = {subtask.subtask_id: subtask for subtask in subtasks}
        self._labels: dict[str, str] = {}
        seen: set[tuple[str, int]] = set()
        for subtask in subtasks:
            key = (subtask.kind, subtask.definition)
            again = "-" + subtask.subtask_id.rsplit("-", 1)[-1] if key in seen else ""
            self._labels[subtask.subtask_id] = f"{WORDS[subtask.kind]}_{subtask.definition}{again}"
            seen.add(key)

    def place(self, subtask_id: str, named: Files, form: str | None) -> Place:
        """Where files of a subtask go; `form` is their extension, None: still open, as the numbers are."""
        subtask = self._subtasks[subtask_id]
        storage = subtask.output_storage or self._output.storage
        if named.member == "output_object_path":
            return Place(storage, self._path(subtask, named, form))
        first = self._path(subtask, next(files(subtask)), extension(subtask))[0]
        name = self._filled(subtask, named, form)
        return Place(storage, [first[: first.rfind("/") + 1] + name[0], *name[1:]])

    def _path(self, subtask: Subtask, named: Files, form: str | None) -> list[str]:
        path = self._filled(subtask, named, form)
        if path[0].startswith("/"):
            return [path[0][1:], *path[1:]]
        return [f"{self.directory}/{path[0]}" if self.directory else path[0], *path[1:]]

    def _filled(self, subtask: Subtask, named: Files, form: str | None) -> list[str]:
        template: str | None = getattr(subtask, named.member, None)
        if template is None:
            numbers = "".join(f"_{{{number}}}" for number in named.numbers)
            template = f"{{inputName}}_{{label}}{numbers}.{{format}}"
        known = self._source | {"definition": str(subtask.definition), "label": self._labels[subtask.subtask_id]}
        return filled(pieces(template), known | ({} if form is None else {"format": form}))


def _web_parts(url: str) -> list[str]:
    """What a web URL's path is made of: neither its host nor what follows its path."""
    path = re.split(r"[?#]", url, maxsplit=1)[0].partition("://")[2]
    return [unquote(part).replace("/", "_") for part in path.split("/")[1:]]


def _last(url: str) -> str:
    if is_web(url):
        return next((part for part in reversed(_web_parts(url)) if part), "")
    last = url.rstrip("/").rsplit("/", 1)[-1]
    return (unquote(last) if url.lower().startswith("file:") else last).replace("/", "_")


def _safe(name: str) -> str:
    clean = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in name)
    return _shortened(clean if clean.strip(".") else "_" * len(clean))


def _shortened(name: str) -> str:
    raw = name.encode()
    if len(raw) <= LONGEST_STEM_BYTES:
        return name
    digest = hashlib.sha256(raw).hexdigest()[:8]
    return f"{raw[: LONGEST_STEM_BYTES - 9].decode(errors='ignore')}-{digest}"
