"""Options of `vodflow subscriptions put` and `modify`, and the members that they stand for."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from .exits import USAGE, fail

SECRET = "VODFLOW_CALLBACK_SECRET"

Name = Annotated[str, typer.Argument(metavar="NAME", help="The subscription's name.")]
Type = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="An event type: flow.finished.v1; else any."),
]
Pattern = Annotated[
    list[str] | None, typer.Option(help='A pattern of event types: "flow.*.v1", "subtask.#"; else any.')
]
Tag = Annotated[
    list[str] | None,
    typer.Option(metavar="TAG=VALUE", help="procedure=NAME or outcome=success|partial|failed|aborted; several times."),
]
Mode = Annotated[Literal["finish", "change"] | None, typer.Option(help="Flows' ends only, or every change (default).")]
Url = Annotated[str | None, typer.Option(metavar="URL", help="Post the events there; else they wait in a queue.")]
Secret = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT|@FILE",
        help=f"With --url: sign with it. Others may see a command line: give @FILE, or set {SECRET}.",
    ),
]
Strategy = Annotated[
    Literal["BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY"] | None,
    typer.Option(help="With --url: three more tries in order, or 176 in a day (default)."),
]
Format = Annotated[
    Literal["JSON", "SIMPLIFIED"] | None,
    typer.Option("--format", help="With --url: the whole event (default), or its data alone."),
]
Visibility = Annotated[
    int | None, typer.Option(metavar="S", help="How long a received event is out of sight, 1 to 43200; default 30.")
]
Poll = Annotated[int | None, typer.Option(metavar="S", help="How long to wait for an event, 0 to 30; default 0.")]
Retention = Annotated[
    int | None, typer.Option(metavar="S", help="How long events are kept, 60 to 1296000; default 345600.")
]
Rewind = Annotated[
    int | None, typer.Option(metavar="S", help="How far back the queue can be rewound, up to its retention; default 0.")
]
MaxReceives = Annotated[
    int | None, typer.Option(metavar="N", help="After so many receipts an event is a dead letter, 1 to 1000.")
]
MaxAge = Annotated[int | None, typer.Option(metavar="S", help="After so long an event is a dead letter, 300 to 43200.")]


def members(
    *,
    types: Sequence[str] | None,
    patterns: Sequence[str] | None,
    tags: Sequence[str] | None,
    mode: str | None,
    url: str | None,
    secret: str | None,
    strategy: str | None,
    content_format: str | None,
    visibility: int | None,
    poll: int | None,
    retention: int | None,
    rewind: int | None,
    max_receives: int | None,
    max_age: int | None,
) -> dict[str, Any]:
    """The members of the command that are given. Leaves with a sentence when they don't go together."""
    given: dict[str, Any] = {
        "types": types,
        "patterns": patterns,
        "tags": _tags(tags) if tags else None,
        "mode": mode,
        "endpoint": _endpoint(url, secret, strategy, content_format),
        "visibility_s": visibility,
        "poll_s": poll,
        "retention_s": retention,
        "rewind_s": rewind,
        "dead_letters": _present(max_receive_count=max_receives, max_age_s=max_age),
    }
    return {name: value for name, value in given.items() if value is not None}


def _endpoint(
    url: str | None, secret: str | None, strategy: str | None, content_format: str | None
) -> dict[str, Any] | None:
    if url is None:
        if secret or strategy or content_format:
            fail(USAGE, "--secret, --strategy and --format go with --url")
        return None
    rest = _present(secret=_secret(secret), strategy=strategy, content_format=content_format)
    return {"kind": "http", "url": url, **(rest or {})}


def _secret(given: str | None) -> str | None:
    if given is None:
        return os.environ.get(SECRET) or None
    if not given.startswith("@"):
        return given
    try:
        return Path(given[1:]).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        fail(USAGE, f"--secret: can't read {given[1:]}: {error}")


def _tags(given: Sequence[str]) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name not in ("procedure", "outcome", "tenant"):
            fail(USAGE, f"--tag {text}: write procedure=NAME or outcome=success|partial|failed|aborted")
        tags.setdefault(name, []).append(value)
    return tags


def _present(**values: Any) -> dict[str, Any] | None:
    return {name: value for name, value in values.items() if value is not None} or None
