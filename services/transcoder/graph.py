"""From a transcode unit to an ffmpeg command: one decode, every output. Pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.fitting import Container
from contracts.units import AudioEncode, EncodeOutput, TranscodeWork, VideoEncode, VideoIn
from shared.command import argv, local, seek_options, source_options
from shared.frame import SCALER, framed, picture_options, tagged, whole_pictures
from shared.muxers import muxer_options, written_first
from shared.overlay import Drawn, opened, over
from shared.subtitled import subtitled

from .beside import NOTHING, Besides
from .encoders import CLOCK_HZ, Tuning, audio_options, video_options
from .loudness import louder
from .remux import remux_command
from .sound import sound, unbroken
from .sound_row import rows
from .two_passes import passing, rough_scaler, shrunk, thinned

PIXELS = {8: "yuv420p", 10: "yuv420p10le"}
NO_SOURCES: Mapping[str, Path] = {}
NO_BESIDES: Besides = {}
Timing = tuple[Fraction | None, int | None, int | None, int, Fraction, int]


def command(
    work: TranscodeWork,
    source: Path,
    files: Mapping[str, Path],
    tuning: Tuning,
    besides: Besides = NO_BESIDES,
    sources: Mapping[str, Path] = NO_SOURCES,
) -> list[str]:
    """The argv that reads `source` and writes each output to `files[output.name]`.

    `besides` tell by output what is added. `sources` are the local files of a sound that is made of several, by URL.
    """
    only = work.outputs[0]
    if only.remux:
        return remux_command(work, only, source, files[only.name], besides.get(only.name, NOTHING).subtitles)
    film = ffmpeg.input(local(source), **source_options(), **_reading(work))
    pictures = _pictures(work, film, besides)
    sounds = _sounds(work, film, besides, sources)
    outputs = []
    for output in work.outputs:
        beside = besides.get(output.name, NOTHING)
        streams = [tracks[output.name] for tracks in (pictures, sounds) if output.name in tracks]
        container = written_as(output)
        final = output.url is not None and container == output.container
        options = muxer_options(container, picture=output.video is not None, final=final)
        if output.video:
            options |= video_options(output.video, tuning)
        if output.video and beside.stats:
            options = passing(2, beside.stats, output.video, options)
        if output.audio:
            options |= audio_options(output.audio)
        if output.subtitles:
            tracks, more = subtitled(beside.subtitles, output.subtitles)
            streams, options = [*streams, *tracks], options | more
        outputs.append(ffmpeg.output(*streams, local(files[output.name]), **options))
    return argv(outputs, *_one_thread(work))


def first_pass(work: TranscodeWork, source: Path, tuning: Tuning, stats: Mapping[str, Path]) -> list[str]:
    """The argv of the first pass for the outputs that are in `stats`, which it writes."""
    small = work.model_copy(update={"outputs": [shrunk(one) for one in work.outputs if one.name in stats]})
    film = ffmpeg.input(local(source), **source_options(), **_reading(work))
    pictures = _pictures(small, film, NO_BESIDES, seen=False)
    outputs = []
    for output in small.outputs:
        assert output.video is not None
        options = passing(1, stats[output.name], output.video, video_options(output.video, tuning))
        outputs.append(ffmpeg.output(thinned(pictures[output.name], output.video), "-", f="null", **options))
    return argv(outputs, *_one_thread(work))


def written_as(output: EncodeOutput) -> Container:
    """The container that the command writes an output in."""
    return written_first(output.container, output.video.codec if output.video else None)


def _reading(work: TranscodeWork) -> dict[str, Any]:
    """How to open the source. Picture and sound are read together, from the earlier place of the two."""
    tracks = [track for track in (work.video, work.audio) if track]
    places = [track.seek_s for track in tracks]
    seek_s = None if None in places else min((place for place in places if place is not None), default=None)
    options = seek_options(seek_s, keep_times=work.times == "kept")
    if work.video:
        options |= picture_options(work.video)
    return options | {"threads:v": 1} if _in_chunks(work) else options


def _in_chunks(work: TranscodeWork) -> bool:
    return any(output.video and output.video.threads == 1 for output in work.outputs)


def _one_thread(work: TranscodeWork) -> list[str]:
    """Chunks run side by side, one to a core: more threads in one of them only get into each other's way."""
    return ["-filter_complex_threads", "1"] if _in_chunks(work) else []


def _pictures(work: TranscodeWork, film: Any, besides: Besides, *, seen: bool = True) -> dict[str, Any]:
    """One stream per output, to be `seen` or for a first pass; renditions with the same times share the selection.

    Marks are drawn before the times are moved: their own are the same wherever a chunk begins.
    """
    if work.video is None:
        return {}
    groups: dict[tuple[Timing, bool], list[tuple[str, VideoEncode]]] = {}
    for output in work.outputs:
        if output.video:
            key = (_timing(output.video), bool(besides.get(output.name, NOTHING).marks))
            groups.setdefault(key, []).append((output.name, output.video))
    source = whole_pictures(film[str(work.video.index)], work.video)
    streams: dict[str, Any] = {}
    for ((timing, marked), renditions), branch in zip(
        groups.items(), _branches(source, "split", len(groups)), strict=True
    ):
        chosen = _chosen(branch, timing, work.video.first_pts or 0)
        timed = chosen if marked else _moved(chosen, timing)
        for (name, video), copy in zip(renditions, _branches(timed, "split", len(renditions)), strict=True):
            scaler = SCALER if seen else rough_scaler(video)
            pixels = PIXELS[video.bit_depth]
            shown = framed(copy, video.framing, pixels, work.video.colours, video.colours, scaler=scaler)
            if marked:
                shown = _moved(_drawn(shown, besides[name].marks, work.video, video), timing)
            streams[name] = tagged(shown, video.colours)
    return streams


def _drawn(picture: Any, marks: Sequence[Drawn], track: VideoIn, video: VideoEncode) -> Any:
    time_base = 1 / video.fps if video.fps else track.time_base
    begin = _begin(video)
    begin_s = None if begin is None else begin * time_base
    return over(picture, [(mark, opened(mark, begin_s)) for mark in marks], PIXELS[video.bit_depth], time_base)


def _timing(video: VideoEncode) -> Timing:
    return video.fps, _begin(video), video.end, video.shift, video.delay_s, video.hold


def _begin(video: VideoEncode) -> int | None:
    return video.lead_in_start if video.lead_in else video.start


def _chosen(stream: Any, timing: Timing, first_pts: int) -> Any:
    """Keep the wanted pictures, in source PTS or in ticks of the output's rate.

    `trim` ends the stream behind its last picture, so that ffmpeg stops reading there. How long the very last picture
    lasts, not every source tells: `hold` repeats it up to the end.
    """
    fps, start, end, _, _, hold = timing
    if fps is not None:
        if first_pts:
            stream = stream.filter("setpts", f"PTS-({first_pts})")
        stream = stream.filter("fps", f"{fps.numerator}/{fps.denominator}")
    if hold:
        stream = stream.filter("tpad", stop=hold, stop_mode="clone")
    bounds = {name: value for name, value in (("start_pts", start), ("end_pts", end)) if value is not None}
    return stream.filter("trim", **bounds) if bounds else stream


def _moved(stream: Any, timing: Timing) -> Any:
    """Move the pictures to the output's times."""
    _, _, _, shift, delay_s, _ = timing
    if shift:
        stream = stream.filter("setpts", f"PTS-({shift})")
    stream = stream.filter("settb", f"1/{CLOCK_HZ}")
    delay = round(delay_s * CLOCK_HZ)
    return stream.filter("setpts", f"PTS+{delay}") if delay else stream


def _sounds(work: TranscodeWork, film: Any, besides: Besides, sources: Mapping[str, Path]) -> dict[str, Any]:
    heard: list[tuple[str, AudioEncode]] = [(output.name, output.audio) for output in work.outputs if output.audio]
    if work.row:
        streams = rows(work, work.row, sources)
    elif work.audio and heard:
        stream = sound(film[str(work.audio.index)], work.audio)
        branches = _branches(stream, "asplit", len(heard))
        streams = {name: branch for (name, _), branch in zip(heard, branches, strict=True)}
    else:
        return {}
    made = {}
    for name, audio in heard:
        gain_db = besides.get(name, NOTHING).gain_db
        mixed = streams[name] if gain_db is None else louder(streams[name], audio, gain_db)
        made[name] = unbroken(mixed) if audio.unbroken else mixed
    return made


def _branches(stream: Any, splitter: str, count: int) -> list[Any]:
    if count == 1:
        return [stream]
    split = stream.filter_multi_output(splitter, count)
    return [split.stream(n) for n in range(count)]
