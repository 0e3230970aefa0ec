"""From the flags of `vodflow submit` to the command: pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ..flows import FlowSubmit


class WrongFlag(Exception):
    """A flag's value can't be used."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The flags, as typed."""

    source: str
    transcode: list[str] = field(default_factory=list)
    snapshot_at: list[str] = field(default_factory=list)
    snapshot: int = 10
    sampled_snapshot: list[str] = field(default_factory=list)
    sprite: list[str] = field(default_factory=list)
    animated: list[str] = field(default_factory=list)
    cover: list[str] = field(default_factory=list)
    adaptive: list[str] = field(default_factory=list)
    procedure: str | None = None
    then: list[str] = field(default_factory=list)
    tasks: str | None = None
    override: str | None = None
    head_tail: list[str] = field(default_factory=list)
    watermark: list[str] = field(default_factory=list)
    start_s: float = 0.0
    end_s: float = 0.0
    output: str | None = None
    output_dir: str = ""
    name_template: str | None = None
    session_id: str = ""
    context: str = ""
    priority: int = 0
    notify: str = "finish"


def build(asked: Asked, storage_root: str | None) -> FlowSubmit:
    """The command. Raises WrongFlag, or pydantic.ValidationError when a value is out of its range."""
    source = source_url(asked.source)
    output = output_url(asked.output, source, storage_root)
    if not output and source.lower().startswith(("http:", "https:")):
        raise WrongFlag("--output: say where the results of a web source go, or set VODFLOW_STORAGE_ROOT")
    if asked.output_dir and not output:
        output = source.rsplit("/", 1)[0] + "/"
    members: dict[str, Any] = {
        "input": {"url": source},
        "output": {"storage": output, "dir": asked.output_dir} if output else None,
        "session_id": asked.session_id,
        "session_context": asked.context,
        "priority": asked.priority,
        "notify": {"mode": asked.notify},
        "next": [{"procedure": name} for name in asked.then],
    }
    tasks = _tasks(asked)
    if bool(tasks) + bool(asked.procedure) != 1:
        raise WrongFlag(
            "say what to make: one or more of --transcode, --snapshot-at, --sampled-snapshot, --sprite, --animated, "
            "--cover, --adaptive and --tasks, or a --procedure instead"
        )
    members |= {"procedure": asked.procedure} if asked.procedure else {"tasks": tasks}
    return FlowSubmit.model_validate(members)


def source_url(source: str) -> str:
    """A URL as it is, a path as file:// URL. Raises WrongFlag if there is no such file."""
    if "://" in source:
        return source
    path = Path(source).expanduser()
    if not path.is_file():
        raise WrongFlag(f"no such file: {source}")
    return path.resolve().as_uri()


def output_url(output: str | None, source: str, storage_root: str | None) -> str | None:
    """Where results go: as asked, else below the storage root in a folder named like the source, else beside it."""
    if output:
        return directory_url(output)
    if not storage_root:
        return None
    stem = Path(unquote(urlsplit(source).path)).stem or "output"
    return directory_url(storage_root).rstrip("/") + "/" + stem + "/"


def directory_url(place: str) -> str:
    """A URL as it is, a folder as file:// URL; both end in a slash."""
    url = place if "://" in place else Path(place).expanduser().resolve().as_uri()
    return url.rstrip("/") + "/" if not url.endswith("://") else url


def numbers(values: Iterable[str], flag: str) -> list[int]:
    """Template numbers, separated by commas, given once or several times."""
    found = _parts(values)
    if not all(part.isascii() and part.isdigit() for part in found):
        raise WrongFlag(f"{flag} takes template numbers such as 100020,100030, not {','.join(found)}")
    return [int(part) for part in found]


def animated(text: str) -> dict[str, Any]:
    """An animation's task from `N`, `N@START-END` (seconds, negative from the end), `N@START-` or `N@-END`."""
    found = _ANIMATED.fullmatch(text)
    if not found:
        raise WrongFlag(f"--animated takes a template and a window in seconds such as 20000@3-6.5, not {text}")
    number, start, end = found.groups()
    return {
        "definition": int(number),
        "start_time_offset_s": float(start or 0),
        "end_time_offset_s": float(end or 0),
    }


def cover(text: str) -> dict[str, Any]:
    """A cover's task from `N@P%` or `N@Ts`."""
    found = _COVER.fullmatch(text)
    if not found:
        raise WrongFlag(f"--cover takes a template and a position such as 10@50% or 10@3.5s, not {text}")
    number, value, unit = found.groups()
    position = "percent" if unit == "%" else "time"
    return {"definition": int(number), "position_type": position, "position_value": float(value)}


def watermark(text: str) -> dict[str, Any]:
    """A watermark from `N`, `N=TEXT` or `N=@FILE` with an SVG in it."""
    number, given, content = text.partition("=")
    if not (number.isascii() and number.isdigit()):
        raise WrongFlag(f"--watermark takes a template, and its content if it needs some: 1000001=TEXT, not {text}")
    if content.startswith("@"):
        try:
            return {"definition": int(number), "svg_content": Path(content[1:]).read_text()}
        except (OSError, ValueError) as error:
            raise WrongFlag(f"--watermark: {error}") from error
    return {"definition": int(number)} | ({"text_content": content} if given else {})


_SECONDS = r"-?\d+(?:\.\d+)?"
_ANIMATED = re.compile(rf"(\d+)(?:@({_SECONDS})?-({_SECONDS})?)?", re.ASCII)
_COVER = re.compile(r"(\d+)@(\d+(?:\.\d+)?)(%|s)", re.ASCII)


def _parts(values: Iterable[str]) -> list[str]:
    """What is separated by commas, given once or several times."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _tasks(asked: Asked) -> dict[str, list[Any]]:
    tasks: dict[str, list[Any]] = {}
    if asked.tasks is not None:
        for kind, listed in json_object(asked.tasks, "--tasks").items():
            tasks[kind] = list(listed) if isinstance(listed, list) else [listed]
    window = {"start_time_offset_s": asked.start_s, "end_time_offset_s": asked.end_s}
    override = {"override": json_object(asked.override, "--override")} if asked.override is not None else {}
    named = {"output_object_path": asked.name_template} if asked.name_template is not None else {}
    marks = {"watermarks": [watermark(text) for text in asked.watermark]} if asked.watermark else {}
    clips = [{"definition": n} for n in numbers(asked.head_tail, "--head-tail")]
    more = {**window, **override, **named, **marks, **({"head_tails": clips} if clips else {})}
    transcode = [{"definition": n, **more} for n in numbers(asked.transcode, "--transcode")]
    if not transcode and (override or named or marks or clips or any(window.values())):
        flags = "--override, --name-template, --watermark, --head-tail, --start and --end"
        raise WrongFlag(f"{flags} go with --transcode")
    times = _parts(asked.snapshot_at)
    _add(tasks, "transcode", transcode)
    _add(tasks, "snapshot_by_time_offset", [{"definition": asked.snapshot, "time_offsets": times}] if times else [])
    _add(tasks, "sampled_snapshot", [{"definition": n} for n in numbers(asked.sampled_snapshot, "--sampled-snapshot")])
    _add(tasks, "image_sprite", [{"definition": n} for n in numbers(asked.sprite, "--sprite")])
    _add(tasks, "animated_graphic", [animated(part) for part in _parts(asked.animated)])
    _add(tasks, "cover_by_snapshot", [cover(part) for part in _parts(asked.cover)])
    _add(tasks, "adaptive_dynamic_streaming", [{"definition": n} for n in numbers(asked.adaptive, "--adaptive")])
    return tasks


def _add(tasks: dict[str, list[Any]], kind: str, more: list[dict[str, Any]]) -> None:
    if more:
        tasks.setdefault(kind, []).extend(more)


def json_object(text: str, flag: str) -> Mapping[str, Any]:
    """The JSON object that a flag gives, itself or as `@FILE`. Raises WrongFlag when there is none."""
    try:
        if text.startswith("@"):
            text = Path(text[1:]).read_text()
        value = json.loads(text)
    except (OSError, ValueError) as error:
        raise WrongFlag(f"{flag}: {error}") from error
    if not isinstance(value, dict):
        raise WrongFlag(f"{flag} takes a JSON object")
    return value
