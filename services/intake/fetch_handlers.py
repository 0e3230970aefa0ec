"""Intake's use case as a worker: bring a source of the web into our own storage."""

import asyncio
import shutil
import time
from pathlib import Path

from aiohttp.abc import AbstractResolver

from contracts import codes
from contracts.fetch_work import SOURCE
from contracts.units import FetchWork, MadeFile
from shared.attempt import Attempt, Made
from shared.errors import MediaError
from shared.naming import input_format
from shared.settings import Settings

from .file_fetch import FileFetch
from .hls_fetch import HlsFetch
from .pace import Allowance, Pace
from .partial_fetch import PartialFile, held
from .parts_fetch import PartsFetch
from .web_fetch import Web


def broken_off(settings: Settings) -> Path:
    """Where copies lie that may be gone on with: a directory for each flow."""
    return settings.work_dir / "fetch"


class Fetcher:
    """Fetches sources, by the settings' limits. `resolver` looks up names instead of the system's."""

    def __init__(self, settings: Settings, resolver: AbstractResolver | None = None) -> None:
        self._settings = settings
        self._resolver = resolver

    async def __call__(self, work: FetchWork, attempt: Attempt) -> Made:
        """Fetch a unit's source. What has come before a connection fails stays, for the next attempt on this machine.

        Raises:
            MediaError: the source is refused, not there, too large, takes too long, or is no video.
            TransientError: a connection fails or is too slow, or the disk is full.
        """
        place = broken_off(self._settings) / work.flow_id
        with held(place) as ours:
            directory = place if ours else attempt.directory
            try:
                path = await self._in_time(work, attempt, directory)
                size_bytes = await asyncio.to_thread(lambda: path.stat().st_size)
                form = path.suffix[1:] or input_format(work.url)
                url = await attempt.keep(path, f"{SOURCE}.{form}")
            except MediaError:
                await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)
                raise
            await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)
        return Made(files=[MadeFile(name=SOURCE, url=url, size_bytes=size_bytes)])

    async def _in_time(self, work: FetchWork, attempt: Attempt, directory: Path) -> Path:
        limit_s = self._settings.fetch_s
        try:
            async with asyncio.timeout(limit_s):
                return await self._fetched(work, attempt, directory)
        except TimeoutError as error:
            text = f"not there after {limit_s:g} s, the most that a fetch may take (VODFLOW_FETCH_S)"
            raise MediaError(text, codes.SOURCE_NOT_ACCESSIBLE) from error

    async def _fetched(self, work: FetchWork, attempt: Attempt, directory: Path) -> Path:
        settings = self._settings
        pace = Pace(settings.fetch_least_bytes_s, settings.fetch_stall_s, time.monotonic())
        partial = PartialFile(directory / SOURCE, work.url)
        async with Web(settings, self._resolver) as web:
            allowance = Allowance(settings.fetch_bytes)
            files = FileFetch(web, pace, allowance)
            playlist = await files.source(partial, work.url, attempt.progress)
            if playlist is None:
                return partial.path
            segments = PartsFetch(web, pace, allowance, directory)
            return await HlsFetch(files, segments, settings, directory).source(playlist, attempt.progress)
