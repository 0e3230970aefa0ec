"""What the merger is asked to make for adaptive streaming. Internal; other systems don't need it."""

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from .model import Model
from .rational import Rational
from .series import Series
from .streaming_parameters import ManifestFormat
from .work import ChunkRef, WorkerKind


class StreamFiles(Model):
    """Where the media of a stream go: all to `url`, or the beginning to `init_url` and the rest to `segments`."""

    url: str | None = None
    init_url: str | None = None
    segments: Series | None = None


class StreamTrack(Model):
    """One stream of pictures or of sound, joined from its pieces."""

    type: Literal["video", "audio"]
    pieces: list[ChunkRef] = Field(min_length=1)
    delay_s: Rational = Fraction(0)
    frame_rate: Rational | None = None
    files: StreamFiles


class Variant(Model):
    """What is played together: a picture track and a sound track, by their place in `tracks`, or one of them."""

    video: int | None = None
    audio: int | None = None


class Manifest(Model):
    """Ends a subtask: the manifest at `url`. `playlist_urls` of HLS are one for each track."""

    subtask_id: str
    format: ManifestFormat
    url: str
    playlist_urls: list[str] = Field(default_factory=list)


class PackageWork(Model):
    """Join every track, cut all at the same times, and write the manifests, last of all."""

    worker: ClassVar[WorkerKind] = "merge"
    kind: Literal["package"] = "package"
    tracks: list[StreamTrack] = Field(min_length=1)
    variants: list[Variant] = Field(min_length=1)
    manifests: list[Manifest] = Field(min_length=1)
    segment_s: Rational
    duration_s: float | None = None
    notes: list[str] = Field(default_factory=list)
