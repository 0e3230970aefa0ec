"""From a stream's joined segments, and its sound's, to the command that makes one file of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import ffmpeg

from contracts.media import MediaInfo
from shared.command import argv, local

FORMATS = "mpegts,mov,aac,mp3,ac3,eac3"
"""What segments may be."""
_BARE = ("aac", "mp3", "ac3", "eac3")
_MP4_PICTURES = ("h264", "hevc", "av1", "vp9", "mpeg4")
_MP4_SOUNDS = ("aac", "mp3", "ac3", "eac3", "opus", "flac", "alac")


def container(streams: Sequence[MediaInfo]) -> Literal["mp4", "matroska"]:
    """What takes all their tracks: MP4, whose times are exact, if it can."""
    pictures = [media.video.codec for media in streams if media.video]
    sounds = [media.audio.codec for media in streams if media.audio]
    fits = set(pictures) <= set(_MP4_PICTURES) and set(sounds) <= set(_MP4_SOUNDS)
    return "mp4" if fits else "matroska"


@dataclass(frozen=True)
class Stream:
    """A stream's joined segments, what they are, and how much later than they say they begin on the common clock."""

    path: Path
    media: MediaInfo
    later_s: float = 0.0

    @property
    def start_s(self) -> float:
        """On the common clock."""
        return self.media.start_s + self.later_s

    @property
    def clockless(self) -> bool:
        """Whether it is bare sound, in which nothing tells when it begins."""
        return self.media.container in _BARE


def remux_command(streams: Sequence[Stream], target: Path) -> list[str]:
    """The argv: the first stream's picture, and the sound of the last, by stream copy.

    Both keep their common clock, whose first moment becomes 0.
    """
    opened = [(_opened(stream), stream.media) for stream in streams]
    pictures = [one[str(media.video.index)] for one, media in opened if media.video]
    sounds = [one[str(media.audio.index)] for one, media in opened if media.audio]
    tracks = [*pictures[:1], *sounds[-1:]]
    start_s = min(stream.start_s for stream in streams)
    form = container([stream.media for stream in streams])
    hevc = any(media.video and media.video.codec == "hevc" for _, media in opened)
    tag = {"tag:v": "hvc1"} if form == "mp4" and hevc else {}
    clock = {"video_track_timescale": 90_000} if form == "mp4" and pictures else {}
    options = {"f": form, "c": "copy", "map_metadata": -1, **tag, **clock}
    return argv([ffmpeg.output(*tracks, local(target), output_ts_offset=f"{-start_s:.6f}", **options)])


def _opened(stream: Stream) -> Any:
    safe = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
    later = {"itsoffset": f"{stream.later_s:.6f}"} if stream.later_s else {}
    return ffmpeg.input(local(stream.path), **safe, **later, copyts=None, fflags="+genpts")
