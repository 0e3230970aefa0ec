"""Renditions that show the same window of a source: they share every decode. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contracts.media import MediaInfo, VideoStream
from contracts.units import HlsFiles, Source, VideoEncode

from . import cost
from .planned import Fleet
from .renditions import Rendition
from .span import Span
from .stream_set import StreamSet
from .windows import Window


@dataclass(frozen=True)
class Group:
    """What all units of a group are made from. `span` is None when the source has no reliable index or no picture.

    `urls` and, for playlists, `hls` tell by rendition where files go; `sets` where streams do.
    """

    name: str
    source: Source
    media: MediaInfo
    window: Window
    span: Span | None
    renditions: Sequence[Rendition]
    urls: Mapping[str, str]
    fleet: Fleet
    hls: Mapping[str, HlsFiles] = field(default_factory=dict)
    sets: Sequence[StreamSet] = ()

    @property
    def video(self) -> VideoStream | None:
        """The picture track."""
        return self.media.video

    @property
    def seconds(self) -> float:
        """How long the window is, 0 when that is unknown."""
        if self.span is not None:
            return float(self.span.seconds(self.span.first, self.span.stop))
        end_s = self.window.end_s or self.media.duration_s or 0.0
        return max(0.0, end_s - self.window.start_s)

    @property
    def frames_in(self) -> float:
        """Pictures to decode."""
        if self.span is not None:
            return self.span.decoded(self.span.first, self.span.stop)
        rate = self.media.video.frame_rate if self.media.video else None
        return self.seconds * float(rate or 25)

    @property
    def frames_out(self) -> float:
        """Pictures that a rendition has, the largest number."""
        rates = [float(rendition.video.fps) for rendition in self.renditions if rendition.video and rendition.video.fps]
        own = self.span.stop - self.span.first if self.span else self.frames_in
        return max([self.seconds * rate for rate in rates], default=own)

    def rate_key(self, encodes: Sequence[VideoEncode]) -> str:
        """The name of the learned rate that making these pictures goes by."""
        codec = self.media.video.codec if self.media.video and encodes else "sound"
        if not encodes:
            return codec
        encoders = "+".join(sorted({encode.codec for encode in encodes}))
        return f"{codec}.{encoders}.{cost.size_class(encode.framing for encode in encodes)}"
