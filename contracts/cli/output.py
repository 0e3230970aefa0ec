"""What is printed to stdout: text for people, or JSON."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

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
