"""What came of adaptive streaming (reference E.5)."""

from typing import Literal

from pydantic import Field

from .model import Model


class SubStream(Model):
    """One stream of pictures or of sound. `url`: its one file, or its playlist; absent where it has neither.

    `width` and `height` are 0 for sound. `bitrate_kbps` is the average.
    """

    type: Literal["video", "audio"]
    url: str | None = None
    codec: str
    width: int = 0
    height: int = 0
    bitrate_kbps: float
    size_bytes: int


class AdaptiveDynamicStreamingOutput(Model):
    """A finished manifest with its streams, pictures first.

    `size_bytes` is everything that it leads to, itself included; streams that two manifests share count in both.
    `chunks` is in how many pieces the pictures were made; `notes` tell what a user should know.
    """

    kind: Literal["adaptive_dynamic_streaming"] = "adaptive_dynamic_streaming"
    url: str
    package: Literal["hls", "dash"]
    drm_type: Literal[""] = ""
    size_bytes: int
    duration_s: float
    sub_streams: list[SubStream]
    chunks: int = 1
    notes: list[str] = Field(default_factory=list)
