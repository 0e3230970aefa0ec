"""Resolved parameters of a rendition. Ranges follow the reference (C.1 to C.3); what fits what: fitting.py."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from .fitting import (
    AudioCodec,
    BitDepth,
    Channels,
    CodecTag,
    Container,
    Misfit,
    Mode,
    Profile,
    SampleRate,
    VideoCodec,
    audio_misfits,
    video_misfits,
)
from .model import Asked
from .picture_fitting import coding_misfits
from .ranges import ZeroOr

FillType = Literal["stretch", "black", "white", "gauss"]
Adaptive = Literal["open", "close"]
SegmentType = Literal["ts", "fmp4"]
VideoSide = Annotated[int, ZeroOr(128, 8192)]


class VideoParameters(Asked):
    """How the picture is encoded.

    `codec` copy takes it over as it is, and nothing else may be asked then. `fps` 0 keeps the source's own times (a
    variable rate stays variable); `bitrate_kbps` 0 lets quality decide (`vcrf`, else a default); `vcrf` set switches
    to constant quality, on the encoder's own scale (smaller is better; h264, h265 to 51, av1, vp9 to 63), and the
    bit rate is ignored. With `resolution_adaptive` open, `width` means the long side and `height` the short side; 0
    follows proportionally.
    """

    codec: VideoCodec = "h264"
    fps: float = Field(default=0, ge=0, le=120)
    bitrate_kbps: Annotated[int, ZeroOr(128, 100_000)] = 0
    resolution_adaptive: Adaptive = "open"
    width: VideoSide = 0
    height: VideoSide = 0
    fill_type: FillType = "black"
    vcrf: int | None = Field(default=None, ge=1, le=63)
    gop: int = Field(default=0, ge=0, le=100_000)
    """The most pictures, or seconds, between keyframes; 0 = the encoder's choice."""
    gop_unit: Literal["frame", "second"] = "frame"
    profile: Profile = "default"
    """default = the codec's usual one: high for h264, main for h265."""
    hls_time: Annotated[float, ZeroOr(1, 10)] = 0
    """Seconds that a segment lasts, for container hls; 0: 6 s."""
    mode: Mode = "vbr"
    """How `bitrate_kbps` is meant: an average below 1.5 times as peak, an average alone, constant; vcrf: not at all."""
    bframes: int | None = Field(default=None, ge=0, le=16)
    """The most B-frames in a row; None = the encoder's choice."""
    no_scenecut: bool = False
    """Keyframes at their distance only, not where the scene changes."""
    level: str | None = Field(default=None, max_length=3)
    """Such as 4.1; None = what the encoder finds necessary."""
    codec_tag: CodecTag | None = None
    """How MP4 names h265; None = hvc1, which Apple's players insist on."""
    bit_depth: BitDepth = 8
    preserve_hdr: bool = False
    """An HDR source (PQ, HLG) stays one, in 10 bits; otherwise it is tone-mapped to SDR."""


class Loudness(Asked):
    """Loudness normalisation (EBU R 128) in two passes: measured over the whole window, then one constant gain.

    `integrated_lufs` is the loudness to reach (LUFS). It is missed on the quiet side where the gain would lift the
    true peak above `true_peak_dbtp` (dBTP): nothing is compressed.
    """

    integrated_lufs: float = Field(default=-23.0, ge=-70, le=-5)
    true_peak_dbtp: float = Field(default=-1.0, ge=-9, le=0)


class AudioParameters(Asked):
    """How the sound is encoded. 0 keeps the source's sample rate or channels; bit rate 0 is the encoder's choice.

    `codec` copy takes the sound over as it is, and nothing else may be asked then. `loudness` evens out how loud
    different sources are.
    """

    codec: AudioCodec = "aac"
    bitrate_kbps: Annotated[int, ZeroOr(6, 512)] = 0
    sample_rate_hz: SampleRate = 44100
    channels: Channels = 2
    loudness: Loudness | None = None


class Tehd(Asked):
    """Top-speed HD: quality decides how many bits a picture gets, up to a cap.

    TEHD-100 encodes for constant quality (`vcrf`, else one that few can tell from the source) whatever the scene, so
    that easy scenes cost less; the peak stays below `max_video_bitrate_kbps`, or when that is 0 below the video's
    `bitrate_kbps`; both 0: no cap.
    """

    type: Literal["TEHD-100", "OFF"] = "TEHD-100"
    max_video_bitrate_kbps: Annotated[int, ZeroOr(128, 100_000)] = 0


class TranscodeParameters(Asked):
    """One rendition. Which codecs and numbers fit which container: fitting.py; anything else is refused.

    m4a, mp3, ogg, flac and wav hold sound only and need `remove_video`. hls is a playlist with segments of
    `segment_type`: MPEG transport stream, or fragmented MP4.
    """

    container: Container = "mp4"
    remove_video: bool = False
    remove_audio: bool = False
    video: VideoParameters = VideoParameters()
    audio: AudioParameters = AudioParameters()
    tehd: Tehd | None = None
    segment_type: SegmentType = "ts"

    @property
    def copies(self) -> bool:
        """Whether nothing is encoded, only put into another container."""
        return (self.remove_video or self.video.codec == "copy") and (self.remove_audio or self.audio.codec == "copy")

    @model_validator(mode="after")
    def _keeps_something(self) -> Self:
        if self.remove_video and self.remove_audio:
            raise ValueError("remove_video and remove_audio together leave nothing")
        return self

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if found := list(self._misfits()):
            raise misfits(type(self).__name__, found)
        return self

    def _misfits(self) -> Iterator[Misfit]:
        video, audio = self.video, self.audio
        if self.container != "hls":
            if self.segment_type != "ts":
                yield Misfit(("segment_type",), self.segment_type, "only container hls has segments: leave this out")
            if video.hls_time:
                yield Misfit(("video", "hls_time"), video.hls_time, "only container hls has segments: leave this out")
        if not self.remove_video:
            yield from video_misfits(self.container, video.codec, video.profile, video.vcrf)
            if video.codec != "copy":
                yield from coding_misfits(video)
            if self.tehd and self.tehd.type != "OFF" and video.mode in ("abr", "cbr"):
                yield Misfit(("video", "mode"), video.mode, "TEHD goes by quality: leave this out, or tehd")
            if video.codec == "copy":
                yield from _changed("video", video, VideoParameters(codec="copy", hls_time=video.hls_time))
                if not self.copies:
                    yield Misfit(("audio", "codec"), audio.codec, "must be copy beside a picture that is copied")
                if self.tehd and self.tehd.type != "OFF":
                    yield Misfit(("tehd",), self.tehd, "a picture that is copied is not encoded")
        if not self.remove_audio:
            fixed = (audio.bitrate_kbps, audio.sample_rate_hz, audio.channels)
            yield from audio_misfits(self.container, audio.codec, *fixed)
            if audio.codec == "copy":
                yield from _changed("audio", audio, AudioParameters(codec="copy"))
                if not self.copies:
                    yield Misfit(("video", "codec"), video.codec, "must be copy beside a sound that is copied")


def misfits(model: str, found: Sequence[Misfit]) -> ValidationError:
    """What a model's validator raises, so that each member is told by its path."""
    errors = [
        InitErrorDetails(type=PydanticCustomError("misfit", "{text}", {"text": text}), loc=place, input=value)
        for place, value, text in found
    ]
    return ValidationError.from_exception_data(model, errors)


def _changed(member: str, asked: Asked, plain: Asked) -> Iterator[Misfit]:
    for name, value in asked:
        if value != getattr(plain, name):
            yield Misfit((member, name), value, "what is copied stays as it is: leave this out")
