"""Looking at the clips that a flow joins: those in front of its renditions and behind them, the inputs of an edit."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from contracts.flows import FlowAccepted
from contracts.subtasks import EditMedia, Transcode
from contracts.units import Source, UnitError
from shared.errors import MediaError
from shared.media import probe
from shared.mp4_form import form
from shared.process import STALL_S

from .clips import Clip, Clips

AT_ONCE = 4
"""Files looked at side by side: starting ffprobe is what takes the time."""


async def probe_clips(
    accepted: FlowAccepted, fetch: Callable[[str], Awaitable[Path]], *, stall_s: float = STALL_S
) -> Clips:
    """Every candidate that is asked for, or input of an edit, looked at once; `fetch` makes a URL a local file.

    One that is missing or broken is told as such. Raises TransientError for what may pass.
    """
    asked = [one for subtask in accepted.subtasks if isinstance(subtask, Transcode) for one in subtask.head_tails]
    inputs = [one.url for subtask in accepted.subtasks if isinstance(subtask, EditMedia) for one in subtask.inputs]
    urls = dict.fromkeys([*inputs, *(url for one in asked for url in (*one.heads, *one.tails))])
    free = asyncio.Semaphore(AT_ONCE)

    async def looked_at(url: str) -> Clip | UnitError:
        async with free:
            try:
                return await _probed(url, await fetch(url), stall_s, joined=url in inputs)
            except MediaError as error:
                return error.told()

    clips: dict[str, Clip | UnitError] = {}
    for url, found in zip(urls, await asyncio.gather(*map(looked_at, urls), return_exceptions=True), strict=True):
        if isinstance(found, BaseException):
            raise found
        clips[url] = found
    return clips


async def _probed(url: str, path: Path, stall_s: float, *, joined: bool) -> Clip:
    media, index = await probe(path, stall_s=stall_s)
    coded = await asyncio.to_thread(form, path) if joined else None
    return Clip(Source(url=url, size_bytes=media.size_bytes), media, index, coded)
