"""The transcoder's use case: a unit's outputs from its source."""

import asyncio
import contextlib
import glob
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from contracts.subtasks import SubtitleOutput
from contracts.units import EncodeOutput, MadeFile, TranscodeWork
from shared import mp4
from shared.attempt import Attempt, Made
from shared.ffmpeg_run import encode
from shared.finishing import finished
from shared.layers import Canvas, prepared
from shared.overlay import Drawn
from shared.process import STALL_S
from shared.renditions import described
from shared.subtitled import subtitles_output
from shared.written import Written

from .beside import Beside
from .checks import notes, renamed
from .encoders import Tuning
from .graph import command, first_pass, written_as
from .loudness import gain_db, measuring, measuring_stream
from .overshoot import TRIES, lowered, nearer
from .sound_row import in_a_row
from .subtitle_fetch import fetched, kept, laid_out
from .two_passes import shared, wanted

MOST_TRACKS = 40
"""Of an output: a picture, sound, subtitles."""


async def transcode(
    work: TranscodeWork, attempt: Attempt, *, tuning: Tuning | None = None, stall_s: float = STALL_S
) -> Made:
    """Make every output of a unit in one run of ffmpeg (two passes: two), check them all, then store them.

    What came out at more than its bit rate is made anew, twice at most.

    Raises:
        MediaError: the source can't be read or decoded, or a mark can't be drawn.
        InexactError: an output has another number of pictures than planned.
        TransientError: ffmpeg was killed, hung, or ran out of space.
    """
    sources = {url: await attempt.source(url) for url in _urls(work)}
    source = sources.get(work.source.url, attempt.directory)
    files = {
        output.name: attempt.directory / f"{number}.{written_as(output)}" for number, output in enumerate(work.outputs)
    }
    text = await fetched(work.subtitles, source, attempt, stall_s)
    if not work.outputs:
        return Made(files=await kept(text, attempt))
    subtitles = await laid_out(work, text, attempt.directory)
    gains = await _gains(work, sources, attempt, stall_s)
    marks = await _marks(work, attempt, stall_s)
    tuned = tuning or Tuning()
    leaders = shared([one for one in work.outputs if wanted(one, tuned)])
    stats = {name: files[leader].with_suffix(".stats") for name, leader in leaders.items()}
    if stats:
        written = {name: stats[name] for name in leaders.values()}
        await encode(first_pass(work, source, tuned, written), attempt, None, stall_s=stall_s)
        await asyncio.to_thread(_found_again, attempt.directory, list(stats.values()), MOST_TRACKS * len(work.outputs))
    besides = {
        name: Beside(gains.get(name), subtitles.get(name, ()), stats.get(name), marks.get(name, ())) for name in files
    }

    async def make(work: TranscodeWork, files: Mapping[str, Path], duration_s: float | None) -> dict[str, _File]:
        await encode(command(work, source, files, tuned, besides, sources), attempt, duration_s, stall_s=stall_s)
        return {one.name: await _finished(one, files[one.name], stall_s) for one in work.outputs}

    made = await make(work, files, work.duration_s)
    if not tuned.lossless:
        made = await _at_their_rates(work, files, made, make)
    stored = []
    for output in work.outputs:
        of_text = text.notes if output.subtitles else []
        of_all = work.notes if output.url else []
        told = [*of_all, *output.notes, *of_text, *notes(output, made[output.name].written)]
        titles = subtitles_output(subtitles.get(output.name, ()), output.subtitles)
        stored.append(await _stored(output, made[output.name], told, titles, attempt))
    return Made(files=stored)


def _found_again(directory: Path, stats: list[Path], tracks: int) -> None:
    """ffmpeg numbers logs by their track among all outputs', which is another in the second pass."""
    for one in stats:
        for log in list(directory.glob(f"{glob.escape(one.name)}-*.log")):
            for number in range(tracks):
                with contextlib.suppress(FileExistsError):
                    os.link(log, directory / f"{one.name}-{number}.log")


def _urls(work: TranscodeWork) -> list[str]:
    """What is read: where the sound is made of several sources, nothing but these."""
    if work.row is None:
        return [work.source.url]
    return list(dict.fromkeys(piece.source.url for piece in work.row.pieces if piece.audio))


async def _marks(work: TranscodeWork, attempt: Attempt, stall_s: float) -> dict[str, list[Drawn]]:
    """By output: what is drawn on its pictures."""
    marks = {}
    for number, output in enumerate(work.outputs):
        if output.video and output.video.drawings:
            canvas = Canvas(output.video.framing.width, output.video.framing.height)
            marks[output.name] = await prepared(output.video.drawings, canvas, attempt, str(number), stall_s)
    return marks


async def _gains(
    work: TranscodeWork, sources: Mapping[str, Path], attempt: Attempt, stall_s: float
) -> dict[str, float]:
    """By output: dB to make its sound as loud as asked; each mix is measured once."""
    said: dict[int, list[str]] = {}
    gains: dict[str, float] = {}
    for output in work.outputs:
        audio = output.audio
        if audio is None or audio.loudness is None:
            continue
        if audio.channels not in said:
            if work.row:
                argv = measuring_stream(in_a_row(work, work.row, audio, sources))
            elif work.audio:
                argv = measuring(work, work.audio, audio, sources[work.source.url])
            else:
                continue
            said[audio.channels] = await encode(argv, attempt, None, stall_s=stall_s)
        gains[output.name] = gain_db(audio.loudness, said[audio.channels])
    return gains


class _File(NamedTuple):
    path: Path
    written: Written


_Make = Callable[[TranscodeWork, Mapping[str, Path], float | None], Awaitable[dict[str, _File]]]


async def _at_their_rates(
    work: TranscodeWork, files: Mapping[str, Path], made: Mapping[str, _File], make: _Make
) -> dict[str, _File]:
    """By output: the file nearest to its bit rate, where what came out at more is made anew. The others are gone."""
    asked = {one.name: one for one in work.outputs}
    tried, last, best = dict(asked), dict(made), dict(made)
    for number in range(TRIES):
        over = [less for name in last if (less := lowered(asked[name], tried[name], last[name].written))]
        if not over:
            break
        places = {one.name: files[one.name].with_stem(f"{files[one.name].stem}-again-{number}") for one in over}
        tried = {one.name: one for one in over}
        last = await make(work.model_copy(update={"outputs": over}), places, None)
        for name, file in last.items():
            better = nearer(asked[name], best[name].written, file.written)
            worse, best[name] = (best[name], file) if better else (file, best[name])
            await asyncio.to_thread(worse.path.unlink)
    return best


async def _finished(output: EncodeOutput, path: Path, stall_s: float) -> _File:
    path, made = await finished(path, output.container, stall_s=stall_s)
    return _File(path, renamed(made, output.remux) if output.remux else made)


async def _stored(
    output: EncodeOutput, file: _File, told: list[str], titles: list[SubtitleOutput], attempt: Attempt
) -> MadeFile:
    path, made = file
    picture = made.first("vide")
    frames = picture.samples if picture else None
    if output.url is None:
        by_clock = output.video is not None and output.video.inexact == "note"
        shown_s = await asyncio.to_thread(mp4.shown_s, path) if by_clock else None
        url = await attempt.keep(path, f"{output.name}.{output.container}")
        return MadeFile(
            name=output.name, url=url, size_bytes=made.size_bytes, frames=frames, shown_s=shown_s, notes=told
        )
    await attempt.stage(path, output.url)
    result = described(output.url, output.container, made, notes=told, subtitles=titles)
    return MadeFile(
        name=output.name,
        url=output.url,
        size_bytes=made.size_bytes,
        frames=frames,
        subtask_id=output.subtask_id,
        output=result,
    )
