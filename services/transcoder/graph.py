"""From a transcode unit to an ffmpeg command: one decode, every output. Pure."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.units import AudioEncode, TranscodeWork, VideoEncode
from shared.command import argv, local, seek_options, source_options
from shared.frame import coloured, framed
from shared.muxers import muxer_options

from .encoders import CLOCK_HZ, Tuning, audio_options, video_options
from .loudness import louder
from .remux import remux_command
from .sound import sound
from .sound_row import rows

PIXELS = "yuv420p"
NO_GAINS: Mapping[str, float] = {}
NO_SOURCES: Mapping[str, Path] = {}
Timing = tuple[Fraction | None, int | None, int | None, int, Fraction, int]


def command(
    work: TranscodeWork,
    source: Path,
    files: Mapping[str, Path],
    tuning: Tuning,
    gains: Mapping[str, float] = NO_GAINS,
    sources: Mapping[str, Path] = NO_SOURCES,
) -> list[str]:
    """The argv that reads `source` and writes each output to `files[output.name]`; `gains` in dB, by output.

    `sources` are the local files of a sound that is made of several, by URL.
    """
    only = work.outputs[0]
    if only.remux:
        return remux_command(work, only, source, files[only.name])
    opened = ffmpeg.input(local(source), **source_options(), **_reading(work))
    pictures = _pictures(work, opened)
    sounds = _sounds(work, opened, gains, sources)
    outputs = []
    for output in work.outputs:
        streams = [tracks[output.name] for tracks in (pictures, sounds) if output.name in tracks]
        options = muxer_options(output.container, picture=output.video is not None, final=output.url is not None)
        if output.video:
            options |= video_options(output.video, tuning)
        if output.audio:
            options |= audio_options(output.audio)
        outputs.append(ffmpeg.output(*streams, local(files[output.name]), **options))
    return argv(outputs, *_one_thread(work))


def _reading(work: TranscodeWork) -> dict[str, Any]:
    """How to open the source. Picture and sound are read together, from the earlier place of the two."""
    tracks = [track for track in (work.video, work.audio) if track]
    places = [track.seek_s for track in tracks]
    seek_s = None if None in places else min((place for place in places if place is not None), default=None)
    options = seek_options(seek_s, keep_times=work.times == "kept")
    return options | {"threads:v": 1} if _in_chunks(work) else options


def _in_chunks(work: TranscodeWork) -> bool:
    return any(output.video and output.video.threads == 1 for output in work.outputs)


def _one_thread(work: TranscodeWork) -> list[str]:
    """Chunks run side by side, one to a core: more threads in one of them only get into each other's way."""
    return ["-filter_complex_threads", "1"] if _in_chunks(work) else []


def _pictures(work: TranscodeWork, opened: Any) -> dict[str, Any]:
    """One stream per output: renditions with the same times share the frame selection."""
    if work.video is None:
        return {}
    by_timing: dict[Timing, list[tuple[str, VideoEncode]]] = {}
    for output in work.outputs:
        if output.video:
            by_timing.setdefault(_timing(output.video), []).append((output.name, output.video))
    source = opened[str(work.video.index)]
    first_pts = work.video.first_pts or 0
    streams: dict[str, Any] = {}
    for (timing, renditions), branch in zip(by_timing.items(), _branches(source, "split", len(by_timing)), strict=True):
        timed = _timed(branch, timing, first_pts)
        for (name, video), copy in zip(renditions, _branches(timed, "split", len(renditions)), strict=True):
            streams[name] = coloured(framed(copy, video.framing, PIXELS), video.colours)
    return streams


def _timing(video: VideoEncode) -> Timing:
    return video.fps, video.start, video.end, video.shift, video.delay_s, video.hold


def _timed(stream: Any, timing: Timing, first_pts: int) -> Any:
    """Keep the wanted pictures, in source PTS or in ticks of the output's rate, and move them to the output's times.

    `trim` ends the stream behind its last picture, so that ffmpeg stops reading there. How long the very last picture
    lasts, not every source tells: `hold` repeats it up to the end.
    """
    fps, start, end, shift, delay_s, hold = timing
    if fps is not None:
        if first_pts:
            stream = stream.filter("setpts", f"PTS-({first_pts})")
        stream = stream.filter("fps", f"{fps.numerator}/{fps.denominator}")
    if hold:
        stream = stream.filter("tpad", stop=hold, stop_mode="clone")
    bounds = {name: value for name, value in (("start_pts", start), ("end_pts", end)) if value is not None}
    if bounds:
        stream = stream.filter("trim", **bounds)
    if shift:
        stream = stream.filter("setpts", f"PTS-({shift})")
    stream = stream.filter("settb", f"1/{CLOCK_HZ}")
    delay = round(delay_s * CLOCK_HZ)
    return stream.filter("setpts", f"PTS+{delay}") if delay else stream


def _sounds(
    work: TranscodeWork, opened: Any, gains: Mapping[str, float], sources: Mapping[str, Path]
) -> dict[str, Any]:
    heard: list[tuple[str, AudioEncode]] = [(output.name, output.audio) for output in work.outputs if output.audio]
    if work.row:
        streams = rows(work, work.row, sources)
    elif work.audio and heard:
        stream = sound(opened[str(work.audio.index)], work.audio)
        branches = _branches(stream, "asplit", len(heard))
        streams = {name: branch for (name, _), branch in zip(heard, branches, strict=True)}
    else:
        return {}
    return {
        name: louder(streams[name], audio, gains[name]) if name in gains else streams[name] for name, audio in heard
    }


def _branches(stream: Any, splitter: str, count: int) -> list[Any]:
    if count == 1:
        return [stream]
    split = stream.filter_multi_output(splitter, count)
    return [split.stream(n) for n in range(count)]
