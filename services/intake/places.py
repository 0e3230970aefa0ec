"""Where a command may read and write. Pure, but for symbolic links (shared/locations.py)."""

from collections.abc import Sequence
from pathlib import Path

from shared.errors import RequestError
from shared.locations import parse


def check_place(url: str, roots: Sequence[Path], field: str) -> None:
    """Raises RequestError, naming the field, when a URL is no place of ours."""
    try:
        parse(url, roots)
    except RequestError as error:
        raise RequestError(error.message, error.code, field) from error
