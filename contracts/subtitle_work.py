"""What workers are asked to do with soft subtitles. Internal; other systems don't need it."""

from typing import Literal

from pydantic import Field

from .model import Model
from .pieces import PieceRef

SubtitleCodec = Literal["mov_text", "webvtt"]
"""The forms of soft subtitles that we write, in ffprobe's names."""


class SubtitleTrack(Model):
    """A text subtitle track of the source; `default` and `forced` are what its container says of it."""

    index: int
    codec: str
    language: str | None = None
    default: bool = False
    forced: bool = False


class SubtitlesIn(Model):
    """Which tracks to read, and the window of them to keep, in seconds from the container's start."""

    tracks: list[SubtitleTrack] = Field(min_length=1)
    start_s: float = 0.0
    end_s: float | None = None


class SubtitleRef(PieceRef):
    """A track to mux, SubRip text with times from the output's 0; without a `url` in the end it could not be read."""

    track: SubtitleTrack
