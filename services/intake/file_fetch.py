"""Fetching one file of the web: block by block, and on from where it broke off where the server can prove the rest."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from contracts import codes
from shared.errors import MediaError, TransientError

from .pace import Allowance, Pace
from .partial_fetch import PartialFile
from .web_answers import OK, NotTheSame, check_coding, check_same, check_type, is_playlist, offer, refusal
from .web_fetch import Web

_BLOCK_BYTES = 4 << 20
_LONGEST_PAUSE_S = 2.0
_PLAYLIST_BYTES = 4 << 20

Tell = Callable[[float], None]
"""Told how much of a file is there, 0 to 100, where its length is known."""


@dataclass(frozen=True)
class Playlist:
    """What was answered instead of a file: the start of a playlist's text, and the URL that it came from."""

    text: bytes
    url: str


class FileFetch:
    """Brings files into partial ones, until they are whole."""

    def __init__(self, web: Web, pace: Pace, allowance: Allowance) -> None:
        self._web = web
        self._pace = pace
        self._allowance = allowance

    async def source(self, partial: PartialFile, url: str, tell: Tell) -> Playlist | None:
        """Fetch a source into `partial`, unless it is a playlist: that comes back instead.

        A broken connection is made again for as long as each brings something; a file that has changed meanwhile is
        begun anew.

        Raises:
            MediaError: it is refused, not there, too large, or no video.
            TransientError: a connection brought nothing more.
        """
        furthest = 0
        pause_s = 0.1
        while True:
            try:
                return await self._connection(partial, url, tell)
            except NotTheSame:
                await asyncio.to_thread(partial.forget)
            except TransientError:
                size_bytes = await asyncio.to_thread(partial.size_bytes)
                if size_bytes <= furthest:
                    raise
                furthest = size_bytes
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def playlist(self, url: str) -> Playlist:
        """Something small that is only read: another playlist, a key. Raises as `source` does."""
        async with self._web.get(url, {}) as answer:
            if answer.status != OK:
                raise refusal(answer.status)
            check_coding(answer.headers)
            return Playlist(await self._text(answer), str(answer.url))

    async def _connection(self, partial: PartialFile, url: str, tell: Tell) -> Playlist | None:
        begun = await asyncio.to_thread(partial.begun)
        if begun.start and begun.total == begun.start:
            return None
        rest = (
            {"Range": f"bytes={begun.start}-", "If-Range": begun.validator} if begun.start and begun.validator else {}
        )
        async with self._web.get(url, rest) as answer:
            offered = offer(answer.status, answer.headers, begun.start)
            if offered.start:
                check_same(offered, begun)
            if is_playlist(answer.url.path, answer.headers):
                return Playlist(await self._text(answer), str(answer.url))
            check_type(answer.headers)
            self._allowance.check(offered.total or 0)
            await asyncio.to_thread(partial.begin, offered)
            await self._copy(answer, partial, offered.start, offered.total, tell)
            return None

    async def _copy(
        self, answer: aiohttp.ClientResponse, partial: PartialFile, size: int, total: int | None, tell: Tell
    ) -> None:
        pieces: list[bytes] = []
        held = 0
        try:
            async for piece in answer.content.iter_any():
                pieces.append(piece)
                held += len(piece)
                self._pace.heard(len(piece), time.monotonic())
                self._allowance.check(size + held)
                if held >= _BLOCK_BYTES:
                    full, pieces, size, held = pieces, [], size + held, 0
                    await asyncio.to_thread(partial.append, full)
                    if total:
                        tell(100 * size / total)
        except aiohttp.ClientError:
            pieces.append(_rest(answer))
            raise
        finally:
            if pieces:
                await asyncio.to_thread(partial.append, pieces)

    async def _text(self, answer: aiohttp.ClientResponse) -> bytes:
        text = b""
        async for piece in answer.content.iter_any():
            text += piece
            self._pace.heard(len(piece), time.monotonic())
            if len(text) > _PLAYLIST_BYTES:
                raise MediaError(f"a playlist of more than {_PLAYLIST_BYTES} bytes", codes.SOURCE_UNSUPPORTED)
        return text


def _rest(answer: aiohttp.ClientResponse) -> bytes:
    """What had come before a connection broke; aiohttp lets no one read it any more once it knows."""
    return answer.content._read_nowait(-1)
