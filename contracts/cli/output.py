"""What is printed to stdout: text for people, or JSON."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from ..flows import FlowAccepted

M = TypeVar("M", bound=BaseModel)

WIDE = 240


def console() -> Console:
    """For people. Not cut to 80 columns when stdout is no terminal."""
    return Console(markup=False, highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)


def print_json(value: BaseModel | dict[str, Any]) -> None:
    """One object on one line, at once."""
    data = value.model_dump(mode="json", exclude_none=True) if isinstance(value, BaseModel) else value
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """Columns that fold instead of losing text."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def print_list(
    models: Sequence[M], columns: Sequence[str], row: Callable[[M], Sequence[str]], *, none: str, as_json: bool
) -> None:
    """A table with a row each, `none` when there are none; as JSON one a line."""
    if as_json:
        for model in models:
            print_json(model)
        return
    console().print(table(columns, map(row, models)) if models else none)


def print_done(answer: BaseModel, text: str, *, as_json: bool) -> None:
    """What was done: a sentence, or the answer as JSON."""
    if as_json:
        print_json(answer)
    else:
        console().print(text)


def tell_accepted(accepted: FlowAccepted, *, as_json: bool, wait: bool) -> None:
    """That a flow was accepted, and how to follow it unless that is done anyway."""
    if as_json:
        print_json(accepted)
        return
    out = console()
    out.print(f"accepted {accepted.flow_id}", style="bold")
    out.print(f"  {len(accepted.subtasks)} subtask(s), results in {accepted.output.storage}")
    for one in accepted.next:
        out.print(f"  then {one.procedure} of {one.of}: flow {one.flow_id}")
    if not wait:
        out.print(f"  follow it with: vodflow watch {accepted.flow_id}")


def print_more(total: int, offset: int, shown: int) -> None:
    """How to see the rest of a listing, if there is any."""
    if total > offset + shown:
        console().print(f"{total} in all: go on with --offset {offset + shown}")
