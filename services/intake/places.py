"""Where a command may read and write. Pure, but for symbolic links (shared/locations.py)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shared.errors import RequestError
from shared.locations import parse
from shared.web_rules import WebRules, is_web


def check_place(url: str, roots: Sequence[Path], field: str) -> None:
    """Raises RequestError, naming the field, when a URL is no place of ours."""
    with _named(field):
        parse(url, roots)


def check_source(url: str, roots: Sequence[Path], web: WebRules, field: str) -> None:
    """Raises RequestError, naming the field, when a URL is neither a place of ours nor one of the web to fetch from."""
    with _named(field):
        if is_web(url):
            web.checked(url)
        else:
            parse(url, roots)


@contextmanager
def _named(field: str) -> Iterator[None]:
    try:
        yield
    except RequestError as error:
        raise RequestError(error.message, error.code, field) from error
