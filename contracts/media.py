"""What is known of a media file: its streams, sizes and times."""

from typing import Literal

from pydantic import Field

from .model import Model
from .rational import Rational


class VideoStream(Model):
    """A picture track as it is stored.

    `width`, `height` are the stored pixels before `rotation_deg` (clockwise, 0, 90, 180, 270) and the pixel shape
    `sample_aspect` are applied; `display_width`, `display_height` are after both.
    """

    index: int
    codec: str
    width: int
    height: int
    display_width: int
    display_height: int
    sample_aspect: Rational
    rotation_deg: Literal[0, 90, 180, 270] = 0
    tilted: bool = False
    """Whether the container asks for another angle: it is not applied."""
    time_base: Rational
    frame_rate: Rational | None = None
    """Average frames per second, as far as the container tells."""
    start_s: float | None = None
    duration_s: float | None = None
    bitrate_kbps: float | None = None
    pixel_format: str | None = None
    bit_depth: int = 8
    color_space: str | None = None
    color_transfer: str | None = None
    color_primaries: str | None = None
    color_range: str | None = None
    field_order: str | None = None


class AudioStream(Model):
    """A sound track."""

    index: int
    codec: str
    sample_rate_hz: int
    channels: int
    start_s: float | None = None
    duration_s: float | None = None
    bitrate_kbps: float | None = None
    language: str | None = None


class OtherStream(Model):
    """A track that is neither the picture nor a sound: subtitles, cover art, data."""

    index: int
    kind: Literal["subtitle", "cover", "video", "data", "attachment"]
    codec: str | None = None
    language: str | None = None
    default: bool = False
    forced: bool = False


class MediaInfo(Model):
    """A probed media file. `start_s` is the container's own start time, the zero of all offsets a user gives."""

    container: str
    size_bytes: int
    duration_s: float | None = None
    start_s: float = 0.0
    bitrate_kbps: float | None = None
    video: VideoStream | None = None
    audio: AudioStream | None = None
    more_audio: list[AudioStream] = Field(default_factory=list)
    others: list[OtherStream] = Field(default_factory=list)
    frames: int | None = None
    """Pictures in the chosen video track, from its packet index."""
    key_frames: int | None = None
