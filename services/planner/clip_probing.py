"""Looking at the clips that a flow joins: those in front of its renditions and behind them, the inputs of an edit."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from contracts.flows import FlowAccepted
from contracts.subtasks import EditMedia, Transcode
from contracts.units import Source, UnitError
from shared.errors import MediaError
from shared.mp4_form import form

from .clips import Clip, Clips
from .look_probing import Looked

LookAt = Callable[[str], Awaitable[Looked]]
"""What the file at a URL is; raises as `Looks.at`."""

AT_ONCE = 4
"""Files looked at side by side: starting ffprobe is what takes the time."""


async def probe_clips(accepted: FlowAccepted, look_at: LookAt, fetch: Callable[[str], Awaitable[Path]]) -> Clips:
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
                looked = await look_at(url)
                coded = await asyncio.to_thread(form, await fetch(url)) if url in inputs else None
            except MediaError as error:
                return error.told()
            return Clip(Source(url=url, size_bytes=looked.media.size_bytes), looked.media, looked.index, coded)

    clips: dict[str, Clip | UnitError] = {}
    for url, found in zip(urls, await asyncio.gather(*map(looked_at, urls), return_exceptions=True), strict=True):
        if isinstance(found, BaseException):
            raise found
        clips[url] = found
    return clips
