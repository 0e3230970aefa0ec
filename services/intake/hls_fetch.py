"""Fetching an HLS source: its best variant, with its sound, becomes one local file."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from contracts import codes
from shared.errors import MediaError
from shared.failure import explained
from shared.media import probe
from shared.process import run
from shared.settings import Settings

from .file_fetch import FileFetch, Playlist, Tell
from .hls_remux import Stream, container, remux_command
from .packed_audio import HEAD_BYTES, start_s
from .partial_fetch import written
from .parts_fetch import PartsFetch
from .playlists import Part, parts, playlist_text, variant

_COPY_BYTES = 1 << 20
_KEY_BYTES = 16
_FETCHED_PERCENT = 95.0
"""Of the fetch, when all segments are there; what is left is joining them."""


class HlsFetch:
    """Makes one file in `directory` of what a playlist leads to."""

    def __init__(self, files: FileFetch, segments: PartsFetch, settings: Settings, directory: Path) -> None:
        self._files = files
        self._segments = segments
        self._settings = settings
        self._directory = directory

    async def source(self, playlist: Playlist, tell: Tell) -> Path:
        """The file. Raises as FileFetch does; MediaError for a playlist that is not supported."""
        text = playlist_text(playlist.text)
        offered = await asyncio.to_thread(variant, text, playlist.url)
        streams = [playlist] if offered is None else [await self._files.playlist(url) for url in offered]
        most = self._settings.fetch_segments
        listed = [await asyncio.to_thread(parts, playlist_text(one.text), one.url, most) for one in streams]
        count, done = sum(map(len, listed)), 0

        def one_more() -> None:
            nonlocal done
            done += 1
            tell(_FETCHED_PERCENT * done / count)

        joined = []
        for number, wanted in enumerate(listed):
            keys = {url: await self._key(url) for url in {part.key.url for part in wanted if part.key}}
            found = await self._segments.all(wanted, one_more)
            target = self._directory / f"stream-{number}"
            await asyncio.to_thread(_join, wanted, found, keys, target)
            joined.append(target)
        return await self._remuxed(joined)

    async def _remuxed(self, joined: Sequence[Path]) -> Path:
        stall_s = self._settings.stall_s
        streams = [Stream(path, (await probe(path, stall_s=stall_s))[0]) for path in joined]
        if len(streams) > 1:
            streams = [await asyncio.to_thread(_timed, stream) for stream in streams]
        target = self._directory / f"source.{container([stream.media for stream in streams])}"
        ended = await run(remux_command(streams, target), lambda _report: None, stall_s=stall_s)
        if ended.code != 0:
            raise explained(ended.code, ended.errors)
        return target

    async def _key(self, url: str) -> bytes:
        key = (await self._files.playlist(url)).text
        if len(key) != _KEY_BYTES:
            raise MediaError("the key of an encrypted playlist is none", codes.SOURCE_MALFORMED)
        return key


def _timed(stream: Stream) -> Stream:
    """With the time that bare sound begins at. Raises MediaError when nothing tells it."""
    if not stream.clockless:
        return stream
    with stream.path.open("rb") as file:
        begins_s = start_s(file.read(HEAD_BYTES))
    if begins_s is None:
        raise MediaError("nothing tells when the playlist's sound begins", codes.SOURCE_UNSUPPORTED)
    return replace(stream, later_s=begins_s - stream.media.start_s)


def _join(wanted: Sequence[Part], found: Sequence[Path], keys: dict[str, bytes], target: Path) -> None:
    with written(target), target.open("wb") as whole:
        for part, path in zip(wanted, found, strict=True):
            with path.open("rb") as file:
                if part.key is None:
                    shutil.copyfileobj(file, whole, _COPY_BYTES)
                    continue
                from .decrypting import decrypted  # loads 9 MB that few sources need

                for block in decrypted(file, keys[part.key.url], part.key.iv):
                    whole.write(block)
