"""What lies in a watched directory. Symbolic links are not followed: what they lead to has its own place."""

import contextlib
import fcntl
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from contracts import codes
from shared.errors import RequestError
from shared.locations import LocalFile

from .arrivals import Arrival, Version
from .triggers import Place


def files(root: Path) -> Iterator[tuple[str, Version]]:
    """Every file below a directory, by its path below it. Raises OSError when the directory itself can't be read."""
    yield from _files(str(root), "")


def _files(directory: str, prefix: str) -> Iterator[tuple[str, Version]]:
    below = []
    with os.scandir(directory) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                if entry.is_dir(follow_symlinks=False):
                    below.append(entry.name)
                elif entry.is_file(follow_symlinks=False) and _nameable(entry.name):
                    yield prefix + entry.name, _version(entry.stat(follow_symlinks=False))
    for name in below:
        with contextlib.suppress(OSError):
            yield from _files(f"{directory}/{name}", f"{prefix}{name}/")


def look(root: Path, name: str) -> Version | Literal["directory"] | None:
    """What there is under a name below a directory now; None: nothing, or something that is never taken."""
    path = f"{root}/{name}"
    try:
        found = os.lstat(path)
        if os.path.realpath(path) != path:
            return None
    except OSError:
        return None
    if stat.S_ISDIR(found.st_mode):
        return "directory"
    return _version(found) if stat.S_ISREG(found.st_mode) and _nameable(name) else None


def being_written(root: Path, name: str) -> bool:
    """Whether a process of this machine has the file open for writing, as far as that can be told.

    A read lease is refused as long as one has (fcntl(2), F_SETLEASE); what breaks it in the moment that it is held is
    told by a signal that is ignored by default. Leases are had on one's own files, or with CAP_LEASE. Else, and of
    other machines' processes, nothing is seen: there a file counts as complete when it rests.
    """
    try:
        descriptor = os.open(f"{root}/{name}", os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def present(place: Place, tenant: str, workflow_id: str, since: str) -> list[Arrival]:
    """The files that a workflow would take if they came now.

    Raises:
        RequestError: the directory can't be read.
    """
    assert isinstance(place.where, LocalFile)
    root = place.where.path
    try:
        there = [(name, version) for name, version in files(root) if place.takes(name)]
    except OSError as error:
        text = f"trigger: can't read {root}: {error.strerror}"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, "trigger.storage") from error
    return [Arrival(tenant, workflow_id, LocalFile(root / name).url, str(version), since) for name, version in there]


def _version(found: os.stat_result) -> Version:
    return Version(found.st_size, found.st_mtime_ns, found.st_ino)


def _nameable(name: str) -> bool:
    """Whether a URL, and a document, can hold the name: it is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
