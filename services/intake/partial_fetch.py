"""A file that is being fetched, as far as it has come: kept from one attempt to the next on the same machine."""

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from shared.errors import TransientError

from .web_answers import Offer


class _Note(BaseModel):
    """What a partial file is the beginning of."""

    url: str
    total: int | None
    validator: str | None


class PartialFile:
    """A file and beside it what it is the beginning of. Blocking: use it in a thread. Raises TransientError."""

    def __init__(self, path: Path, url: str) -> None:
        self.path = path
        self._note = path.with_name(path.name + ".json")
        self._url = url

    def begun(self) -> Offer:
        """What there is: `start` bytes of it; none when nobody could prove that a rest belongs to them."""
        try:
            note = _Note.model_validate_json(self._note.read_bytes())
        except (OSError, ValidationError):
            return Offer()
        size_bytes = self.size_bytes()
        provable = note.validator is not None or note.total == size_bytes
        return Offer(size_bytes, note.total, note.validator) if provable and note.url == self._url else Offer()

    def size_bytes(self) -> int:
        """How large the file is, whatever it is good for."""
        return self.path.stat().st_size if self.path.exists() else 0

    def begin(self, offer: Offer) -> None:
        """Go on at the offer's start, or anew."""
        with written(self.path):
            if offer.start == 0:
                self.forget()
                self.path.touch()
            note = _Note(url=self._url, total=offer.total, validator=offer.validator or self.begun().validator)
            self._note.write_text(note.model_dump_json())

    def append(self, pieces: Sequence[bytes]) -> None:
        """More of it."""
        with written(self.path), self.path.open("ab") as file:
            file.writelines(pieces)

    def forget(self) -> None:
        """Remove both."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


@contextlib.contextmanager
def written(path: Path) -> Iterator[None]:
    """Raises TransientError for what goes wrong with a file that is written; a full disk gets its space back."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            path.unlink(missing_ok=True)  # the space is others' until the next try
        raise TransientError(f"can't write what is fetched: {error.strerror or error}") from error


@contextlib.contextmanager
def held(directory: Path) -> Iterator[bool]:
    """Whether a directory is the caller's for the block: no other attempt is at it. The lock dies with its process."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = directory / "lock"
    handle = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield lock.exists() and os.path.samestat(lock.stat(), os.fstat(handle))
    finally:
        os.close(handle)


def removed(directory: Path) -> bool:
    """Remove it with all that is in it, unless an attempt is at it."""
    with held(directory) as ours:
        if ours:
            shutil.rmtree(directory, ignore_errors=True)
        return ours
