"""The merger's use cases: one rendition from its chunks and its sound, as a file or a playlist; a set of streams."""

import asyncio
from typing import Any

from contracts.units import MergeWork, PackageWork
from shared.attempt import Attempt, Made
from shared.cues import read
from shared.ffmpeg_run import encode
from shared.finishing import finished
from shared.muxers import written_first
from shared.process import STALL_S
from shared.renditions import described
from shared.subtitled import Subtitle, subtitles_output, written

from .checks import check_length, check_pictures
from .graph import command, concat_list
from .hls_handlers import segmented
from .package_handlers import package
from .pieces_fetch import fetched, fetched_all, linked


async def merge(work: MergeWork, attempt: Attempt, *, stall_s: float = STALL_S) -> Made:
    """Join a rendition's chunks in the order given, mux its sound, check the number of pictures, stage the result.

    Raises:
        InexactError: the result has not as many pictures as its chunks together, or copied ones last longer or less.
        TransientError: a chunk's place is unknown, or ffmpeg was killed, hung, or ran out of space.
    """
    if work.hls is not None:
        return await segmented(work, work.hls, attempt, stall_s)
    paths = await fetched_all(work.chunks, attempt)
    if work.copied:
        paths = await linked(paths, attempt.directory)
    sound = await fetched(work.sound, attempt) if work.sound else None
    first = written_first(work.container, work.codec)
    listing, joined = attempt.directory / "chunks.ffconcat", attempt.directory / f"joined.{first}"
    await asyncio.to_thread(listing.write_text, concat_list(work.chunks, paths))
    subtitles = await _subtitles(work, attempt)
    await encode(command(work, listing, sound, joined, subtitles), attempt, work.duration_s, stall_s=stall_s)
    result, made = await finished(joined, work.container, stall_s=stall_s)
    check_pictures(work.chunks, made.first("vide"))
    if work.copied:
        check_length(work.chunks, made.first("vide"))
    await attempt.stage(result, work.url)
    output = described(
        work.url,
        work.container,
        made,
        chunks=len(work.chunks),
        notes=work.notes,
        subtitles=subtitles_output(subtitles, work.subtitle_codec),
    )
    return Made(output=output)


async def _subtitles(work: MergeWork, attempt: Attempt) -> list[Subtitle]:
    """Files to mux, as the container takes them."""
    made = []
    for number, ref in enumerate(work.subtitles):
        path = attempt.directory / f"subtitles{number}.srt"
        if ref.url is not None and work.subtitle_codec:
            text = await asyncio.to_thread((await attempt.source(ref.url)).read_text, "utf-8")
            await asyncio.to_thread(path.write_text, written(read(text), work.subtitle_codec), "utf-8")
            made.append(Subtitle(ref.track, path))
    return made


WORKERS: dict[type, Any] = {MergeWork: merge, PackageWork: package}
"""What does each kind of work: `(work, attempt, stall_s=...) -> Made`."""
