"""From a stream's joined segments, and its sound's, to the command that makes one file of them. Pure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import ffmpeg

from contracts.media import MediaInfo
from shared.command import argv, local

FORMATS = "mpegts,mov,aac,mp3,ac3,eac3"
"""What segments may be."""
_MP4_PICTURES = ("h264", "hevc", "av1", "vp9", "mpeg4")
_MP4_SOUNDS = ("aac", "mp3", "ac3", "eac3", "opus", "flac", "alac")


def container(streams: Sequence[MediaInfo]) -> Literal["mp4", "matroska"]:
    """What takes all their tracks: MP4, whose times are exact, if it can."""
    pictures = [media.video.codec for media in streams if media.video]
    sounds = [media.audio.codec for media in streams if media.audio]
    fits = set(pictures) <= set(_MP4_PICTURES) and set(sounds) <= set(_MP4_SOUNDS)
    return "mp4" if fits else "matroska"


def remux_command(streams: Sequence[tuple[Path, MediaInfo]], target: Path) -> list[str]:
    """The argv: the first stream's picture, and the sound of the last, by stream copy.

    Both keep their common clock, whose first moment becomes 0.
    """
    safe = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
    opened = [ffmpeg.input(local(path), **safe, copyts=None, fflags="+genpts") for path, _ in streams]
    pictures = [one[str(media.video.index)] for one, (_, media) in zip(opened, streams, strict=True) if media.video]
    sounds = [one[str(media.audio.index)] for one, (_, media) in zip(opened, streams, strict=True) if media.audio]
    tracks = [*pictures[:1], *sounds[-1:]]
    start_s = min(media.start_s for _, media in streams)
    form = container([media for _, media in streams])
    tag = {"tag:v": "hvc1"} if form == "mp4" and any(m.video and m.video.codec == "hevc" for _, m in streams) else {}
    clock = {"video_track_timescale": 90_000} if form == "mp4" and pictures else {}
    options = {"f": form, "c": "copy", "map_metadata": -1, **tag, **clock}
    return argv([ffmpeg.output(*tracks, local(target), output_ts_offset=f"{-start_s:.6f}", **options)])
