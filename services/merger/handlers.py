"""The merger's use case: one rendition from its chunks and its sound."""

import asyncio

from contracts.units import MergeWork
from shared.attempt import Attempt, Made
from shared.errors import InexactError, TransientError
from shared.ffmpeg_run import encode
from shared.finishing import finished
from shared.muxers import written_first
from shared.process import STALL_S
from shared.renditions import described
from shared.written import Written

from .graph import command, concat_list


async def merge(work: MergeWork, attempt: Attempt, *, stall_s: float = STALL_S) -> Made:
    """Join a rendition's chunks in the order given, mux its sound, check the number of pictures, stage the result.

    Raises:
        InexactError: the result has not as many pictures as its chunks together.
        TransientError: a chunk's place is unknown, or ffmpeg was killed, hung, or ran out of space.
    """
    paths = [await attempt.source(_known(chunk.url)) for chunk in work.chunks]
    sound = await attempt.source(_known(work.sound.url)) if work.sound else None
    first = written_first(work.container, work.codec)
    listing, joined = attempt.directory / "chunks.ffconcat", attempt.directory / f"joined.{first}"
    await asyncio.to_thread(listing.write_text, concat_list(work.chunks, paths))
    await encode(command(work, listing, sound, joined), attempt, work.duration_s, stall_s=stall_s)
    result, made = await finished(joined, work.container, stall_s=stall_s)
    _check(work, made)
    await attempt.stage(result, work.url)
    return Made(output=described(work.url, work.container, made, chunks=len(work.chunks), notes=work.notes))


def _known(url: str | None) -> str:
    if url is None:
        raise TransientError("a piece to join has no place yet")
    return url


def _check(work: MergeWork, made: Written) -> None:
    picture = made.first("vide")
    count = picture.samples if picture else 0
    frames = [chunk.frames for chunk in work.chunks if chunk.frames is not None]
    if len(frames) == len(work.chunks) and count != sum(frames):
        raise InexactError(f"{count} pictures after joining chunks of {sum(frames)}")
