"""The snapshotter's use cases: a subtask's pictures, or its sprite sheets with their VTT; an animation."""

import asyncio
from pathlib import Path
from typing import Any

from contracts.units import AnimationWork, PicturesWork
from shared.attempt import Attempt, Made
from shared.errors import InexactError
from shared.ffmpeg_run import counted, encode
from shared.layers import Canvas, prepared
from shared.process import STALL_S

from .animation import gif, palette, webp
from .checks import check
from .fetch import Fetch
from .frames import needed
from .results import animation_output, pictures_output, sprite_output
from .vtt import vtt


async def take(work: PicturesWork, attempt: Attempt, *, stall_s: float = STALL_S) -> Made:
    """Take a unit's pictures and stage them.

    Decoders differ in what they hold for a key picture (not those of an open group, with H.264): where key pictures
    alone do not give all that is wanted, each is jumped to.

    Raises:
        MediaError: the source can't be read, or no picture of it decoded.
        InexactError: a picture that the index promises did not come.
        TransientError: ffmpeg was killed, hung, or ran out of space.
    """
    try:
        return await _taken(work, attempt, stall_s)
    except InexactError:
        if work.method != "keys":
            raise
    return await _taken(work.model_copy(update={"method": "seek"}), attempt, stall_s)


async def _taken(work: PicturesWork, attempt: Attempt, stall_s: float) -> Made:
    source = await attempt.source(work.source.url)
    wanted = needed(work)
    canvas = Canvas(work.framing.width, work.framing.height, still=True)
    marks = await prepared(work.drawings, canvas, attempt, "picture", stall_s)
    fetch = Fetch(work, source, attempt, stall_s, marks)
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


async def animate(work: AnimationWork, attempt: Attempt, *, stall_s: float = STALL_S) -> Made:
    """Make an animation and stage it.

    Raises:
        MediaError: the source can't be read, no picture of the window decoded, or there are too many of them.
        InexactError: another number of pictures came than the index promises.
        TransientError: ffmpeg was killed, hung, or ran out of space.
    """
    source = await attempt.source(work.source.url)
    target = attempt.directory / f"animation.{work.format}"
    frames = await counted(await _command(work, source, target, attempt, stall_s), attempt, work.duration_s, stall_s)
    check(work, frames)
    size_bytes = await asyncio.to_thread(lambda: target.stat().st_size)
    await attempt.stage(target, work.url)
    return Made(output=animation_output(work, frames, size_bytes))


async def _command(work: AnimationWork, source: Path, target: Path, attempt: Attempt, stall_s: float) -> list[str]:
    """The command that makes the file; for a gif once its palette is there."""
    if work.format == "webp":
        return webp(work, source, target)
    colours = attempt.directory / "palette.png"
    await encode(palette(work, source, colours), attempt, None, stall_s=stall_s)
    if not await asyncio.to_thread(colours.is_file):
        check(work, 0)
    return gif(work, source, colours, target)


WORKERS: dict[type, Any] = {PicturesWork: take, AnimationWork: animate}
"""What does each kind of work: `(work, attempt, stall_s=...) -> Made`."""
