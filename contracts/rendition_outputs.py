"""What is told of finished renditions."""

from typing import Literal

from pydantic import Field

from .model import Model


class VideoOutput(Model):
    """The picture of a rendition."""

    codec: str
    width: int
    height: int
    frame_rate: float | None = None
    frames: int
    bitrate_kbps: float | None = None


class AudioOutput(Model):
    """The sound of a rendition."""

    codec: str
    sample_rate_hz: int
    channels: int
    bitrate_kbps: float | None = None


class SubtitleOutput(Model):
    """A track of soft subtitles in a rendition."""

    codec: str
    language: str | None = None


class RenditionOutput(Model):
    """A finished file or playlist. `chunks` is in how many pieces it was made; `notes` tell what a user should know."""

    url: str
    container: str
    size_bytes: int
    duration_s: float
    bitrate_kbps: float
    video: VideoOutput | None = None
    audio: AudioOutput | None = None
    subtitles: list[SubtitleOutput] = Field(default_factory=list)
    chunks: int = 1
    notes: list[str] = Field(default_factory=list)


class TranscodeOutput(RenditionOutput):
    """A finished rendition."""

    kind: Literal["transcode"] = "transcode"
