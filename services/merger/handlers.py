"""The merger's use case: one rendition from its chunks and its sound."""

import asyncio

from contracts.units import MergeWork
from shared.attempt import Attempt, Made
from shared.counting import counted
from shared.cues import read
from shared.errors import InexactError, TransientError
from shared.ffmpeg_run import encode
from shared.process import STALL_S
from shared.renditions import described
from shared.subtitled import Subtitle, subtitles_output, written
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
    listing, result = attempt.directory / "chunks.ffconcat", attempt.directory / f"joined.{work.container}"
    await asyncio.to_thread(listing.write_text, concat_list(work.chunks, paths))
    subtitles = await _subtitles(work, attempt)
    await encode(command(work, listing, sound, result, subtitles), attempt, work.duration_s, stall_s=stall_s)
    made = await counted(result, work.container, stall_s=stall_s)
    _check(work, made)
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
        text = await asyncio.to_thread((await attempt.source(_known(ref.url))).read_text, "utf-8")
        if work.subtitle_codec:
            await asyncio.to_thread(path.write_text, written(read(text), work.subtitle_codec), "utf-8")
            made.append(Subtitle(ref.track, path))
    return made


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
