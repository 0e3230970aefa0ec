"""Looks at a watched directory, at a part of it or at the whole. They block: each runs in a thread."""

import contextlib
import time
from collections.abc import Iterable
from pathlib import Path

from shared.log import logger

from .arrivals import Version
from .directory_scan import being_written, files, look
from .watched import Changes, Watched


def look_at(watched: Watched, names: Iterable[str]) -> bool:
    """See what became of files; whether a directory is among them, which may have come with files in it."""
    directories = False
    for name in names:
        match look(watched.root, name):
            case "directory":
                directories = True
            case None:
                watched.missed(name)
            case version:
                watched.saw(name, version, time.monotonic())
    return directories


def look_around(watched: Watched) -> Changes:
    """See the whole directory. One that can't be read tells nothing, not that all is gone."""
    try:
        return watched.saw_all(files(watched.root), time.monotonic())
    except OSError as error:
        logger().warning("can't read a watched directory", directory=str(watched.root), error=error.strerror)
        return Changes([], [])


def complete(watched: Watched) -> list[tuple[str, Version]]:
    """What has rested, still is as it was, and is not being written any more."""
    found = []
    for name, version in watched.settling.rested(time.monotonic()):
        now = look(watched.root, name)
        if now is None or now == "directory" or now.size_bytes == 0:
            continue
        if now == version and not being_written(watched.root, name):
            found.append((name, version))
        else:
            watched.saw(name, now, time.monotonic())
    return found


def there(directories: Iterable[Path]) -> dict[Path, int]:
    """The directories that are there, with their inodes."""
    found = {}
    for directory in directories:
        with contextlib.suppress(OSError):
            if directory.is_dir():
                found[directory] = directory.stat().st_ino
    return found
