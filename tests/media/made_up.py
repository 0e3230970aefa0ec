"""Media and indexes as values, for tests without files."""

from fractions import Fraction

from contracts.media import AudioStream, MediaInfo, VideoStream
from shared.index import PacketIndex, built

AUDIO = AudioStream(index=1, codec="aac", sample_rate_hz=48000, channels=2, start_s=0.0, duration_s=600.0)


def picture(width: int = 1920, height: int = 1080, rate: int = 25) -> VideoStream:
    """A track with square pixels, upright."""
    return VideoStream(
        index=0,
        codec="h264",
        width=width,
        height=height,
        display_width=width,
        display_height=height,
        sample_aspect=Fraction(1),
        time_base=Fraction(1, 1000),
        frame_rate=Fraction(rate),
    )


def media(seconds: float, video: VideoStream | None = None, *, sound: bool = True, start_s: float = 0.0) -> MediaInfo:
    """A file of so many seconds."""
    return MediaInfo(
        container="mov",
        size_bytes=1000,
        duration_s=seconds,
        start_s=start_s,
        video=video or picture(),
        audio=AUDIO.model_copy(update={"start_s": start_s}) if sound else None,
        frames=round(seconds * 25),
    )


def index(seconds: float, *, key_s: float = 2.0, rate: int = 25, start_s: float = 0.0) -> PacketIndex:
    """A picture every 1/rate seconds, in milliseconds, a key picture every `key_s`."""
    step, first = 1000 // rate, round(start_s * 1000)
    times = [first + n * step for n in range(round(seconds * rate))]
    packets = [(pts, (pts - first) % round(key_s * 1000) == 0, 1000) for pts in times]
    made = built(Fraction(1, 1000), packets, step, clock_may_jump=False)
    assert made is not None
    return made
