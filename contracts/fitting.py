"""Which codecs, sizes of numbers and containers go together. Pure tables; nothing else ever reaches ffmpeg.

Sources: reference C.1 to C.3 (codecs by container, in the names of MPS); the ranges of libx264, libx265, libvpx,
SVT-AV1 (quality, profiles), of LAME, libopus and the FLV muxer (rates), as in ffmpeg 5.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Container = Literal["mp4", "hls", "webm", "flv", "m4a", "mp3", "ogg", "flac", "wav"]
VideoCodec = Literal["h264", "h265", "av1", "vp9", "copy"]
AudioCodec = Literal["aac", "mp3", "opus", "flac", "pcm16", "copy"]
Profile = Literal["default", "baseline", "main", "high"]
Mode = Literal["vbr", "abr", "cbr", "vcrf"]
CodecTag = Literal["hvc1", "hev1"]
BitDepth = Literal[8, 10]
SampleRate = Literal[0, 8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000]
Channels = Literal[0, 1, 2, 6]


class Misfit(NamedTuple):
    """A member that does not fit the others: where it is, its value, and what would fit."""

    location: tuple[str, ...]
    value: object
    text: str


@dataclass(frozen=True)
class Holds:
    """The codecs that a container takes; no picture where `video` is empty."""

    video: tuple[VideoCodec, ...]
    audio: tuple[AudioCodec, ...]
    name: str = ""
    """What a user is told, where it is no container that can be asked for."""

    def __str__(self) -> str:
        return self.name


CONTAINERS: dict[Container, Holds] = {
    "mp4": Holds(("h264", "h265", "av1", "copy"), ("aac", "mp3", "copy")),
    "hls": Holds(("h264", "h265", "copy"), ("aac", "mp3", "copy")),
    "webm": Holds(("vp9", "av1"), ("opus",)),
    "flv": Holds(("h264", "h265"), ("aac", "mp3")),
    "m4a": Holds((), ("aac",)),
    "mp3": Holds((), ("mp3",)),
    "ogg": Holds((), ("opus", "flac")),
    "flac": Holds((), ("flac",)),
    "wav": Holds((), ("pcm16",)),
}
CMAF = Holds(("h264", "h265", "av1", "vp9"), ("aac",), "adaptive streaming")
"""What the renditions of adaptive streaming may be: CMAF for HLS and DASH at once (reference C.3 for the sound)."""


@dataclass(frozen=True)
class VideoLimits:
    """Of a video codec: its profiles, and the highest `vcrf`, on the encoder's own scale."""

    profiles: tuple[Profile, ...]
    largest_crf: int


VIDEO: dict[VideoCodec, VideoLimits] = {
    "h264": VideoLimits(("default", "baseline", "main", "high"), 51),
    "h265": VideoLimits(("default", "main"), 51),
    "av1": VideoLimits(("default", "main"), 63),
    "vp9": VideoLimits(("default",), 63),
}


@dataclass(frozen=True)
class AudioLimits:
    """Of an audio codec: bit rates in kbps besides 0 (none: lossless), sample rates, numbers of channels."""

    kbps: tuple[int, int] | None
    sample_rates: tuple[SampleRate, ...]
    channels: tuple[Channels, ...]


AUDIO: dict[AudioCodec, AudioLimits] = {
    "aac": AudioLimits((24, 512), (0, 8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000), (0, 1, 2, 6)),
    "mp3": AudioLimits((32, 320), (0, 16000, 22050, 24000, 32000, 44100, 48000), (0, 1, 2)),
    "opus": AudioLimits((6, 510), (0, 8000, 12000, 16000, 24000, 48000), (0, 1, 2, 6)),
    "flac": AudioLimits(None, (0, 8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000), (0, 1, 2, 6)),
    "pcm16": AudioLimits(None, (0, 8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000), (0, 1, 2, 6)),
}
LEAST_SIDE = {"h265": 16}
"""The smallest picture that an encoder takes, in pixels a side; the others take any."""
MP3_LOW_RATE_KBPS = 160
"""The most that MP3 takes below 32 kHz (MPEG-2 layer III)."""
OPUS_CHANNEL_KBPS = 256
"""The most that libopus takes for one channel."""
FLV_MP3_RATES: tuple[SampleRate, ...] = (22050, 44100)
"""What FLV's two bits of sample rate can tell."""


def video_misfits(
    container: Container | Holds, codec: VideoCodec, profile: Profile, vcrf: int | None
) -> Iterator[Misfit]:
    """What of a picture's parameters does not fit."""
    codecs = _holds(container).video
    if not codecs:
        yield Misfit(("remove_video",), False, f"{container} holds sound only: it must be true")
        return
    if codec not in codecs:
        yield Misfit(("video", "codec"), codec, f"{codec} does not fit into {container}, which takes {_any(codecs)}")
    limits = VIDEO.get(codec)
    if limits is None:
        return
    if profile not in limits.profiles:
        yield Misfit(("video", "profile"), profile, f"{codec} has no profile {profile}, only {_any(limits.profiles)}")
    if vcrf is not None and vcrf > limits.largest_crf:
        yield Misfit(("video", "vcrf"), vcrf, f"must be at most {limits.largest_crf} for {codec}")


def audio_misfits(
    container: Container | Holds, codec: AudioCodec, bitrate_kbps: int, sample_rate_hz: SampleRate, channels: Channels
) -> Iterator[Misfit]:
    """What of a sound's parameters does not fit."""
    codecs = _holds(container).audio
    if codec not in codecs:
        yield Misfit(("audio", "codec"), codec, f"{codec} does not fit into {container}, which takes {_any(codecs)}")
    limits = AUDIO.get(codec)
    if limits is None:
        return
    rates = FLV_MP3_RATES if (container, codec) == ("flv", "mp3") else limits.sample_rates
    if sample_rate_hz not in rates:
        text = f"must be {_any(rates)} for {codec} in {container}"
        yield Misfit(("audio", "sample_rate_hz"), sample_rate_hz, text)
    if channels not in limits.channels:
        yield Misfit(("audio", "channels"), channels, f"must be {_any(limits.channels)} for {codec}")
    if bitrate_kbps:
        yield from _bitrate_misfits(codec, limits, bitrate_kbps, sample_rate_hz, channels)


def _bitrate_misfits(
    codec: AudioCodec, limits: AudioLimits, bitrate_kbps: int, sample_rate_hz: int, channels: int
) -> Iterator[Misfit]:
    location = ("audio", "bitrate_kbps")
    if limits.kbps is None:
        yield Misfit(location, bitrate_kbps, f"must be 0 for {codec}, which is lossless")
        return
    least, most = limits.kbps
    if codec == "mp3" and 0 < sample_rate_hz < 32000:
        most = MP3_LOW_RATE_KBPS
    if codec == "opus" and channels in (0, 1):
        most = OPUS_CHANNEL_KBPS
    if not least <= bitrate_kbps <= most:
        given = f" at {sample_rate_hz} Hz and {channels} channels" if codec in ("mp3", "opus") else ""
        yield Misfit(location, bitrate_kbps, f"must be 0 or {least} to {most} for {codec}{given}")


def _holds(container: Container | Holds) -> Holds:
    return container if isinstance(container, Holds) else CONTAINERS[container]


def _any(values: tuple[object, ...]) -> str:
    return ", ".join(map(str, values))
