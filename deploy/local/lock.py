"""One stack per data directory."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.errors import DataDirectoryBusy


class Lock:
    """A context manager that holds the lock file; the kernel lets go of it when we die."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor = -1

    def __enter__(self) -> Self:
        """Raises DataDirectoryBusy when another process holds it."""
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 20).decode(errors="replace").strip()
            os.close(descriptor)
            raise DataDirectoryBusy(self._file.parent, owner) from None
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)


def is_locked(file: Path) -> bool:
    """Whether a living stack holds this lock."""
    try:
        with Lock(file):
            return False
    except DataDirectoryBusy:
        return True
    except OSError:
        return False
