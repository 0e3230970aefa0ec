"""Looking at files: each version of a file once, whoever looks first: a worker that made it, or the planner."""

import asyncio
import base64
from dataclasses import dataclass

from prometheus_client import Counter

from contracts.looks import Look
from contracts.media import MediaInfo
from contracts.units import UnitFinished
from shared.errors import WorkError
from shared.index import PacketIndex
from shared.log import logger
from shared.media import probe
from shared.packed_index import unpacked
from shared.storage import Storage

from .look_store import KeptLooks

LOOKS = Counter("vodflow_looks_total", "Sources looked at, by whether ffprobe ran or a kept look did.", ["how"])


@dataclass(frozen=True)
class Looked:
    """What a file is; no index where there is no picture with reliable times. `kept`: known from before."""

    media: MediaInfo
    index: PacketIndex | None
    kept: bool = False

    @property
    def how(self) -> str:
        """In the words of metrics and traces."""
        return "kept" if self.kept else "ffprobe"


class Looks:
    """Looks at files, and remembers."""

    def __init__(self, kept: KeptLooks, storage: Storage, stall_s: float) -> None:
        self._kept = kept
        self._storage = storage
        self._stall_s = stall_s

    async def at(self, url: str) -> Looked:
        """What a file is. One that was looked at before and has not changed is not read, nor fetched.

        Raises:
            MediaError: no such file, or no media in it that ffmpeg can read.
            TransientError: the storage doesn't answer; ffprobe could not be run, hung or was killed.
        """
        version = await self._storage.version(url)
        found = await self._kept.find(url, version.tag)
        if found is not None:
            looked = Looked(*found, kept=True)
        else:
            looked = Looked(*await probe(await self._storage.local(url), stall_s=self._stall_s))
            if await self._storage.version(url) == version:
                await self._kept.keep(url, version.tag, looked.media, looked.index)
        LOOKS.labels(looked.how).inc()
        return looked

    async def taken(self, result: UnitFinished) -> UnitFinished:
        """A worker's result, without what it tells of its files: that is kept here, if they are still those."""
        if not result.looks:
            return result
        for look in result.looks:
            try:
                await self._take(look)
            except (WorkError, ValueError) as error:
                logger().warning("can't keep a worker's look; the next flow will look itself", error=str(error))
        return result.model_copy(update={"looks": []})

    async def _take(self, look: Look) -> None:
        version = await self._storage.version(look.url)
        if version.size_bytes != look.media.size_bytes:
            return
        index = None
        if look.index is not None:
            index = await asyncio.to_thread(unpacked, base64.b64decode(look.index))
        await self._kept.keep(look.url, version.tag, look.media, index)
