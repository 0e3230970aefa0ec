"""The snapshotter's use case: a subtask's pictures, or its sprite sheets with their VTT."""

import asyncio
from pathlib import Path

from contracts.units import PicturesWork
from shared.attempt import Attempt, Made
from shared.process import STALL_S

from .fetch import Fetch
from .frames import needed
from .results import pictures_output, sprite_output
from .vtt import vtt


async def take(work: PicturesWork, attempt: Attempt, *, stall_s: float = STALL_S) -> Made:
    """Take a unit's pictures and stage them.

    Raises:
        MediaError: the source can't be read, or no picture of it decoded.
        InexactError: a picture that the index promises did not come.
        TransientError: ffmpeg was killed, hung, or ran out of space.
    """
    source = await attempt.source(work.source.url)
    wanted = needed(work)
    fetch = Fetch(work, source, attempt, stall_s)
    if work.sheets is not None:
        return await _sprite(work, attempt, await fetch.tiles(wanted), fetch)
    files = await fetch.stills(wanted)
    for shot, path in zip(work.shots, files, strict=True):
        assert shot.url is not None
        await attempt.stage(path, shot.url)
    sizes = await asyncio.to_thread(lambda: [path.stat().st_size for path in files])
    return Made(output=pictures_output(work, sizes))


async def _sprite(work: PicturesWork, attempt: Attempt, tiles: Path, fetch: Fetch) -> Made:
    assert work.sheets is not None
    files = await fetch.laid_out(tiles)
    text = attempt.directory / "sprite.vtt"
    await asyncio.to_thread(text.write_text, vtt([shot.time_s for shot in work.shots], work.framing, work.sheets))
    for path, url in zip([*files, text], [*work.sheets.urls, work.sheets.vtt_url], strict=True):
        await attempt.stage(path, url)
    sizes = await asyncio.to_thread(lambda: [path.stat().st_size for path in files])
    return Made(output=sprite_output(work, sum(sizes)))
