"""From a merge unit to a concat list and an ffmpeg command. Pure."""

from collections.abc import Sequence
from pathlib import Path

import ffmpeg

from contracts.units import ChunkRef, MergeWork
from shared.command import argv, local
from shared.muxers import muxer_options, written_first


def concat_list(chunks: Sequence[ChunkRef], paths: Sequence[Path]) -> str:
    """The concat demuxer's list: every chunk with the exact distance to the next one's start."""
    lines = ["ffconcat version 1.0"]
    for chunk, path in zip(chunks, paths, strict=True):
        lines += [f"file {_quoted(local(path))}", f"duration {float(chunk.duration_s):.6f}"]
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "'\\''") + "'"


def command(work: MergeWork, listing: Path, sound: Path | None, result: Path) -> list[str]:
    """The argv that copies the listed chunks and the sound into one file, times as they are."""
    container = written_first(work.container, work.codec)
    delay = {"itsoffset": f"{float(work.delay_s):.6f}"} if work.delay_s else {}
    joined = ffmpeg.input(
        local(listing),
        f="concat",
        safe=0,
        protocol_whitelist="file",
        format_whitelist="concat,mov",
        copyts=None,
        **delay,
    )
    streams = [joined["v"]]
    if sound is not None:
        streams.append(ffmpeg.input(local(sound), protocol_whitelist="file", format_whitelist="mov,matroska")["a"])
    output = ffmpeg.output(
        *streams,
        local(result),
        c="copy",
        **muxer_options(container, picture=True, final=container == work.container),
    )
    return argv([output])
