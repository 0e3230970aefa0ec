"""From a merge unit to a concat list and an ffmpeg command. Pure."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.units import ChunkRef, MergeWork
from shared.command import argv, local
from shared.muxers import muxer_options, written_first
from shared.subtitled import Subtitle, subtitled


def concat_list(chunks: Sequence[ChunkRef], paths: Sequence[Path]) -> str:
    """The concat demuxer's list: every chunk with the distance to the next one's start.

    Microseconds are as fine as the list goes: each border is rounded, not each distance, so that no error adds up.
    """
    lines = ["ffconcat version 1.0"]
    border = Fraction(0)
    for chunk, path in zip(chunks, paths, strict=True):
        before, border = border, border + chunk.duration_s
        micros = round(border * 1_000_000) - round(before * 1_000_000)
        lines += [f"file {_quoted(local(path))}", f"duration {micros // 1_000_000}.{micros % 1_000_000:06d}"]
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "'\\''") + "'"


def command(
    work: MergeWork, listing: Path, sound: Path | None, result: Path, subtitles: Sequence[Subtitle] = ()
) -> list[str]:
    """The argv that copies the listed chunks and the sound into one file with the subtitles, times as they are."""
    streams = [joined(listing, work.delay_s)["v"]]
    if sound is not None:
        streams.append(opened(sound)["a"])
    container = written_first(work.container, work.codec)
    options = muxer_options(container, picture=True, final=container == work.container)
    if work.subtitle_codec:
        tracks, more = subtitled(subtitles, work.subtitle_codec)
        streams, options = [*streams, *tracks], options | more
    output = ffmpeg.output(*streams, local(result), c="copy", **options)
    return argv([output])


def joined(listing: Path, delay_s: Fraction) -> Any:
    """The listed chunks as one input, `delay_s` late."""
    delay = {"itsoffset": f"{float(delay_s):.6f}"} if delay_s else {}
    options = {"protocol_whitelist": "file", "format_whitelist": "concat,mov"}
    return ffmpeg.input(local(listing), f="concat", safe=0, copyts=None, **options, **delay)


def opened(piece: Path, *, keep_times: bool = False) -> Any:
    """A single piece as an input."""
    times = {"copyts": None} if keep_times else {}
    return ffmpeg.input(local(piece), protocol_whitelist="file", format_whitelist="mov,matroska", **times)
