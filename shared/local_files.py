"""Files of a local or shared file system."""

import asyncio
import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from contracts import codes

from .errors import MediaError, TransientError
from .locations import LocalFile, Version

T = TypeVar("T")

_PERMANENT = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EEXIST)


async def _written(action: Callable[[], T], place: Path) -> T:
    try:
        return await asyncio.to_thread(action)
    except OSError as error:
        text = f"can't write {place}: {error.strerror or error}"
        if error.errno in _PERMANENT:
            raise MediaError(text, codes.OUTPUT_NOT_WRITABLE) from error
        raise TransientError(text) from error


class LocalFiles:
    """Reads in place; writes under a temporary name, then renames."""

    async def local(self, place: LocalFile) -> Path:
        """The path itself. Raises MediaError when it is no readable file."""

        def check() -> None:
            with place.path.open("rb"):
                pass

        try:
            await asyncio.to_thread(check)
        except OSError as error:
            raise MediaError(f"can't read {place.path}: {error.strerror}", codes.SOURCE_NOT_ACCESSIBLE) from error
        return place.path

    async def version(self, place: LocalFile) -> Version:
        """Size, time of the last change and file number. Raises MediaError when it is no readable file."""

        def look() -> os.stat_result:
            with place.path.open("rb") as file:
                return os.fstat(file.fileno())

        try:
            found = await asyncio.to_thread(look)
        except OSError as error:
            raise MediaError(f"can't read {place.path}: {error.strerror}", codes.SOURCE_NOT_ACCESSIBLE) from error
        return Version(found.st_size, f"{found.st_size}.{found.st_mtime_ns}.{found.st_ino}")

    async def put(self, path: Path, place: LocalFile) -> None:
        """Link or copy `path` there, whole; `path` stays."""

        await _written(lambda: _copy_whole(path, place.path), place.path)

    def renames(self, place: LocalFile, target: LocalFile) -> bool:
        """Always: a move across file systems copies."""
        return True

    async def move(self, place: LocalFile, target: LocalFile) -> None:
        """Put the file there; when it is gone and the target there, it was done before."""

        def move() -> None:
            try:
                _replace(place.path, target.path)
            except FileNotFoundError:
                if not target.path.exists():
                    raise

        await _written(move, target.path)

    async def check_writable(self, place: LocalFile) -> None:
        """The directory, or the one that it would be made in, takes files. Leaves nothing behind."""

        def check() -> None:
            there = next(path for path in (place.path, *place.path.parents) if path.exists())
            if not there.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            if not os.access(there, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        await _written(check, place.path)

    async def remove(self, place: LocalFile) -> None:
        """Unlink, if there."""
        await _written(lambda: place.path.unlink(missing_ok=True), place.path)

    async def remove_tree(self, place: LocalFile) -> None:
        """Remove a directory with all below it, if there."""
        await asyncio.to_thread(shutil.rmtree, place.path, ignore_errors=True)


def _replace(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(path, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy_whole(path, target)
        path.unlink()


def _copy_whole(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        _link_or_copy(path, partial)
        os.replace(partial, target)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def _link_or_copy(path: Path, target: Path) -> None:
    """A second link costs nothing; a third would make two results one file, so it is copied."""
    if path.stat().st_nlink == 1:
        with contextlib.suppress(OSError):
            os.link(path, target)
            return
    shutil.copyfile(path, target)
