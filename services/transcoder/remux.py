"""From a unit that only copies tracks to an ffmpeg command. Pure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.units import Cut, EncodeOutput, Remux, TranscodeWork
from shared.command import argv, local, seek_options, source_options
from shared.muxers import muxer_options
from shared.subtitled import Subtitle, subtitled

Options = dict[str, Any]


def remux_command(
    work: TranscodeWork, output: EncodeOutput, source: Path, result: Path, subtitles: Sequence[Subtitle] = ()
) -> list[str]:
    """The argv that copies tracks into one file: missing times made up, what precedes a window hidden by edit lists."""
    asked = output.remux
    assert asked is not None
    reading, writing = _kept(asked) if work.times == "kept" else _mended(asked)
    opened = ffmpeg.input(local(source), **source_options(), **reading, fflags="+genpts")
    tag = {"tag:v": "hvc1"} if asked.video_codec == "hevc" else {}
    options = muxer_options(output.container, picture=asked.video_codec is not None, final=output.url is not None)
    if asked.cut:
        options |= {"bsf:v": dropping(asked.cut), "video_track_timescale": asked.cut.clock_hz}
    streams = [opened[str(track)] for track in asked.tracks]
    if output.subtitles:
        offset_s = asked.start_s if work.times == "kept" else 0.0
        tracks, more = subtitled(subtitles, output.subtitles, offset_s)
        streams, options = [*streams, *tracks], options | more
    return argv([ffmpeg.output(*streams, local(result), c="copy", **tag, **writing, **options)])


def dropping(cut: Cut) -> str:
    """The bitstream filter that drops the packets outside of a cut, whatever their order."""
    early = [] if cut.start_s is None else [rf"lt(pts*tb\,{float(cut.start_s):.9f})"]
    late = [] if cut.end_s is None else [rf"gt(pts*tb\,{float(cut.end_s):.9f})"]
    return f"noise=drop={'+'.join([*early, *late]) or '0'}"


def _kept(asked: Remux) -> tuple[Options, Options]:
    """By absolute times: read from before the key picture, stop at the end, and call the window's start 0."""
    writing: Options = {"output_ts_offset": f"{-asked.start_s:.6f}"}
    if asked.end_s is not None:
        writing["to"] = f"{asked.end_s:.6f}"
    return seek_options(asked.seek_s, keep_times=True), writing


def _mended(asked: Remux) -> tuple[Options, Options]:
    """By ffmpeg's own reckoning, from the container's start."""
    reading: Options = {"ss": f"{asked.start_s:.6f}"} if asked.start_s else {}
    if asked.end_s is not None:
        reading["t"] = f"{asked.end_s - asked.start_s:.6f}"
    return reading, {}
