"""Fetching the segments of a stream, several at a time, each into a file; what is there is not fetched again."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from contracts import codes
from shared.errors import MediaError, TransientError, WorkError

from .pace import Allowance, Pace
from .partial_fetch import written
from .playlists import Part
from .web_answers import OK, PARTIAL, check_coding, check_type, refusal
from .web_fetch import Web

AT_ONCE = 4
_TRIES = 3


class PartsFetch:
    """Brings a stream's parts into a directory of their own below `directory`."""

    def __init__(self, web: Web, pace: Pace, allowance: Allowance, directory: Path) -> None:
        self._web = web
        self._pace = pace
        self._allowance = allowance
        self._directory = directory

    async def all(self, parts: Sequence[Part], done: Callable[[], None]) -> list[Path]:
        """Their files, in order; `done` is called for each. Raises as FileFetch does."""
        directory = self._directory / _digest(parts)
        await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
        files = [directory / f"{number}" for number in range(len(parts))]
        ahead = iter(list(zip(parts, files, strict=True)))
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(self._some(ahead, done))
        except BaseExceptionGroup as group_of_errors:
            raise group_of_errors.exceptions[0] from None
        return files

    async def _some(self, ahead: Iterator[tuple[Part, Path]], done: Callable[[], None]) -> None:
        for part, file in ahead:
            if file.exists():
                self._allowance.keep(file.stat().st_size)
            else:
                await self._tried(part, file)
            done()

    async def _tried(self, part: Part, file: Path) -> None:
        partial = file.with_suffix(".part")
        for again in reversed(range(_TRIES)):
            try:
                await self._fetched(part, partial)
                await asyncio.to_thread(partial.rename, file)
                return
            except TransientError:
                if not again:
                    raise
                await asyncio.sleep(0.5)

    async def _fetched(self, part: Part, partial: Path) -> None:
        end = part.start + (part.length or 0)
        ranged = {"Range": f"bytes={part.start}-{end - 1}"} if part.length is not None else {}
        async with self._web.get(part.url, ranged) as answer:
            if answer.status != (PARTIAL if ranged else OK):
                raise self._refused(answer.status)
            check_coding(answer.headers)
            check_type(answer.headers)
            size = await self._copy(answer, partial)
        if part.length is not None and size != part.length:
            raise TransientError("a segment has another length than its playlist says", codes.SOURCE_NOT_ACCESSIBLE)

    async def _copy(self, answer: aiohttp.ClientResponse, partial: Path) -> int:
        """Bytes that came."""
        size = 0
        await asyncio.to_thread(partial.write_bytes, b"")
        async for piece in answer.content.iter_any():
            size += len(piece)
            self._pace.heard(len(piece), time.monotonic())
            self._allowance.check(size)
            await asyncio.to_thread(_append, partial, piece)
        self._allowance.keep(size)
        return size

    def _refused(self, status: int) -> WorkError:
        if status == OK:
            return MediaError(
                "the server gives no byte ranges, which its playlist is made of", codes.SOURCE_UNSUPPORTED
            )
        return refusal(status)


def _append(path: Path, piece: bytes) -> None:
    with written(path), path.open("ab") as file:
        file.write(piece)


def _digest(parts: Sequence[Part]) -> str:
    """A name that is the same for the same parts, however the URLs are signed this time."""
    told = [f"{urlsplit(part.url).path} {part.start} {part.length}" for part in parts]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]
