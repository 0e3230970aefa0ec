"""Puts a local file into storage, for `vodflow upload`: whole or not at all, and not over another one unless asked."""

import contextlib
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from urllib.parse import quote, unquote, urlsplit

from .request import WrongFlag, directory_url

BLOCK_BYTES = 8 * 1024 * 1024

Progress = Callable[[int], None]
"""Told how many bytes are done."""


class CantStore(Exception):
    """The file can't be put there."""


class Interrupted(Exception):
    """Somebody wanted it to stop."""


def target_url(to: str | None, file: Path, storage_root: str | None) -> str:
    """The URL that a file gets: in the directory `to`, else in uploads/ of the storage root. Raises WrongFlag."""
    if not to and not storage_root:
        raise WrongFlag("say where to put it: --to DIR|URL (VODFLOW_STORAGE_ROOT is not set)")
    directory = directory_url(to or f"{storage_root}/uploads")
    scheme = directory.split(":", 1)[0].lower()
    if scheme not in ("file", "s3"):
        raise WrongFlag(f"--to takes a directory, file:// or s3://, not {to}")
    return directory + (quote(file.name) if scheme == "file" else file.name)


def blocks(file: Path, progress: Progress, stop: Event) -> Iterator[bytes]:
    """A file's content. Raises Interrupted as soon as `stop` is set."""
    done = 0
    with file.open("rb") as source:
        while block := source.read(BLOCK_BYTES):
            if stop.is_set():
                raise Interrupted
            yield block
            done += len(block)
            progress(done)


def store_locally(file: Path, url: str, content: Iterator[bytes], *, overwrite: bool) -> None:
    """Put content at a file URL: under a name that nobody takes for a film, then in place.

    Raises:
        CantStore: there is a file already, or the place can't be written to.
    """
    target = Path(unquote(urlsplit(url).path))
    partial = target.with_name(f".{uuid.uuid4().hex}.part")
    if target.exists() and not overwrite:
        raise CantStore(there(str(target)))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CantStore(f"can't make {target.parent}: {error.strerror}") from error
    try:
        with partial.open("xb") as made:
            for block in content:
                made.write(block)
            made.flush()
            os.fsync(made.fileno())
        _put_in_place(partial, target, overwrite=overwrite)
    except FileExistsError:
        raise CantStore(there(str(target))) from None
    except OSError as error:
        raise CantStore(f"can't put {file} to {target}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def there(place: str) -> str:
    """What is told of a place that is taken."""
    return f"{place} is there already: say --overwrite, or another --to"


def _put_in_place(partial: Path, target: Path, *, overwrite: bool) -> None:
    if not overwrite:
        try:
            os.link(partial, target)  # unlike a renaming it never replaces
            return
        except FileExistsError:
            raise
        except OSError:
            if target.exists():
                raise FileExistsError from None
    os.replace(partial, target)
