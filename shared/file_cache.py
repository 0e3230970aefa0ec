"""A bounded cache of files on local disk, shared by the processes of a machine."""

import asyncio
import contextlib
import os
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

_KEEP_S = 60.0


class FileCache:
    """Files by name; the least recently used go first when there are too many bytes."""

    def __init__(self, directory: Path, limit_bytes: int) -> None:
        self._directory = directory
        self._limit_bytes = limit_bytes
        self._fetching: dict[str, asyncio.Lock] = {}

    async def get(self, name: str, size_bytes: int, fetch: Callable[[Path], Awaitable[None]]) -> Path:
        """The file `name`; fetched once when it is not there. `fetch` writes to the path it is given."""
        target = self._directory / name
        async with self._fetching.setdefault(name, asyncio.Lock()):
            if not target.exists():
                await asyncio.to_thread(self._make_room, size_bytes)
                partial = self._directory / f"{name}.{uuid.uuid4().hex}.part"
                try:
                    await fetch(partial)
                    os.replace(partial, target)
                finally:
                    partial.unlink(missing_ok=True)
            await asyncio.to_thread(os.utime, target)
        return target

    def _make_room(self, size_bytes: int) -> None:
        """Remove what was not used for longest, but nothing that was asked for within the last minute."""
        self._directory.mkdir(parents=True, exist_ok=True)
        files = sorted(self._files(), key=lambda pair: pair[0].st_mtime)
        total = sum(stat.st_size for stat, _ in files) + size_bytes
        for stat, file in files:
            if total <= self._limit_bytes or stat.st_mtime > time.time() - _KEEP_S:
                return
            file.unlink(missing_ok=True)
            total -= stat.st_size

    def _files(self) -> Iterator[tuple[os.stat_result, Path]]:
        """What there is; other fetches end, and remove, meanwhile."""
        for file in self._directory.iterdir():
            with contextlib.suppress(FileNotFoundError):
                yield file.stat(), file
