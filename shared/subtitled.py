"""Soft subtitles in an ffmpeg command: inputs of SubRip text, muxed in the container's own form. Pure."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import ffmpeg

from contracts.subtasks import SubtitleOutput
from contracts.subtitle_work import SubtitleCodec, SubtitleTrack

from .command import local
from .cues import Cue, apart, subrip

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", re.ASCII)


class Subtitle(NamedTuple):
    """A track of the source and its cues as SubRip text, times from the output's 0."""

    track: SubtitleTrack
    path: Path


def subtitled(subtitles: Sequence[Subtitle], codec: SubtitleCodec, offset_s: float = 0.0) -> tuple[list[Any], Any]:
    """Streams and options to add to an output; its times count from `offset_s`.

    `ss` with `seek_timestamp` makes ffmpeg take the times as they are: otherwise it calls the first cue's 0.
    """
    delay = {"itsoffset": f"{offset_s:.6f}"} if offset_s else {}
    reading: dict[str, Any] = {"f": "srt", "protocol_whitelist": "file", "ss": 0, "seek_timestamp": 1, **delay}
    streams = [ffmpeg.input(local(one.path), **reading)["s"] for one in subtitles]
    options: dict[str, Any] = {"c:s": codec} if streams else {}
    for number, (track, _) in enumerate(subtitles):
        flags = [name for name, is_set in (("default", track.default), ("forced", track.forced)) if is_set]
        options[f"disposition:s:{number}"] = "+".join(flags) or "0"
        if track.language and _LANGUAGE.fullmatch(track.language):
            options[f"metadata:s:s:{number}"] = f"language={track.language}"
    return streams, options


def written(cues: Sequence[Cue], codec: SubtitleCodec) -> str:
    """Cues as SubRip text to be muxed in a form."""
    return subrip(apart(cues) if codec == "mov_text" else cues)


def subtitles_output(subtitles: Sequence[Subtitle], codec: SubtitleCodec | None) -> list[SubtitleOutput]:
    """What a user is told of the subtitles in a result."""
    return [SubtitleOutput(codec=codec, language=one.track.language) for one in subtitles] if codec else []


def lost(track: SubtitleTrack) -> str:
    """The note about a track in which nothing was found."""
    what = ", ".join(part for part in (track.codec, track.language) if part)
    return f"left out: subtitle track {track.index} ({what}): no text could be read for this part of the source"
