"""The transcoder's use case: a unit's outputs from its source."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from contracts.units import EncodeOutput, MadeFile, TranscodeWork
from shared import mp4
from shared.attempt import Attempt, Made
from shared.counting import counted
from shared.ffmpeg_run import encode
from shared.process import STALL_S
from shared.renditions import described
from shared.written import Written

from .checks import notes, renamed
from .encoders import Tuning
from .graph import command
from .loudness import gain_db, measuring, measuring_stream
from .sound_row import in_a_row


async def transcode(
    work: TranscodeWork, attempt: Attempt, *, tuning: Tuning | None = None, stall_s: float = STALL_S
) -> Made:
    """Make every output of a unit in one run of ffmpeg, check them all, then store them.

    Raises:
        MediaError: the source can't be read or decoded.
        InexactError: an output has another number of pictures than planned.
        TransientError: ffmpeg was killed, hung, or ran out of space.
    """
    sources = {url: await attempt.source(url) for url in _urls(work)}
    source = sources.get(work.source.url, attempt.directory)
    files = {
        output.name: attempt.directory / f"{number}.{output.container}" for number, output in enumerate(work.outputs)
    }
    gains = await _gains(work, sources, attempt, stall_s)
    argv = command(work, source, files, tuning or Tuning(), gains, sources)
    await encode(argv, attempt, work.duration_s, stall_s=stall_s)
    made = {one.name: await _counted(one, files[one.name], stall_s) for one in work.outputs}
    told = {output.name: [*work.notes, *notes(output, made[output.name])] for output in work.outputs}
    stored = [await _stored(output, files[output.name], made[output.name], told, attempt) for output in work.outputs]
    return Made(files=stored)


def _urls(work: TranscodeWork) -> list[str]:
    """What is read: where the sound is made of several sources, nothing but these."""
    if work.row is None:
        return [work.source.url]
    return list(dict.fromkeys(piece.source.url for piece in work.row.pieces if piece.audio))


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


async def _counted(output: EncodeOutput, path: Path, stall_s: float) -> Written:
    made = await counted(path, output.container, stall_s=stall_s)
    return renamed(made, output.remux.codecs) if output.remux else made


async def _stored(
    output: EncodeOutput, path: Path, made: Written, told: dict[str, list[str]], attempt: Attempt
) -> MadeFile:
    picture = made.first("vide")
    frames = picture.samples if picture else None
    if output.url is None:
        by_clock = output.video is not None and output.video.inexact == "note"
        shown_s = await asyncio.to_thread(mp4.shown_s, path) if by_clock else None
        url = await attempt.keep(path, f"{output.name}.{output.container}")
        size_bytes = made.size_bytes
        return MadeFile(name=output.name, url=url, size_bytes=size_bytes, frames=frames, shown_s=shown_s)
    await attempt.stage(path, output.url)
    result = described(output.url, output.container, made, notes=told[output.name])
    return MadeFile(name=output.name, url=output.url, size_bytes=made.size_bytes, frames=frames, output=result)
