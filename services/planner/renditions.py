"""From a rendition's parameters to what the encoder is told. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from contracts.fitting import Container
from contracts.media import MediaInfo, VideoStream
from contracts.parameters import AudioParameters, VideoParameters
from contracts.subtasks import Transcode
from contracts.units import AudioEncode, VideoEncode

from .framing import framing
from .span import Span

_NTSC = tuple(Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120))


@dataclass(frozen=True)
class Rendition:
    """One transcode subtask with what it makes of this source; the picture's bounds are still open."""

    subtask_id: str
    container: Container
    video: VideoEncode | None
    audio: AudioEncode | None


def rendition(subtask: Transcode, media: MediaInfo, span: Span | None, *, has_audio: bool) -> Rendition:
    """What a subtask makes of a source; `span` is the pictures it shows, where an index tells them."""
    asked = subtask.parameters
    return Rendition(
        subtask_id=subtask.subtask_id,
        container=asked.container,
        video=_video(asked.video, media.video, span) if media.video and not asked.remove_video else None,
        audio=_audio(asked.audio) if has_audio and not asked.remove_audio else None,
    )


def frame_rate(fps: float) -> Fraction | None:
    """The exact rate meant by a decimal one (29.97 is 30000/1001); None for 0, the source's own times."""
    if not fps:
        return None
    near = next((rate for rate in _NTSC if abs(float(rate) - fps) < 0.005), None)
    return near or Fraction(fps).limit_denominator(1001)


def _video(asked: VideoParameters, source: VideoStream, span: Span | None) -> VideoEncode:
    fps = frame_rate(asked.fps)
    if fps and span and span.tick(span.stop, fps) < 1:
        fps = None  # shorter than one picture at that rate: ffmpeg would make none at all
    codec = asked.codec
    assert codec != "copy"
    return VideoEncode(
        codec=codec,
        framing=framing(source, asked.width, asked.height, asked.resolution_adaptive, asked.fill_type, even=True),
        fps=fps,
        frame_rate=fps,
        bitrate_kbps=asked.bitrate_kbps,
        vcrf=asked.vcrf,
        gop=_gop(asked, fps or source.frame_rate),
        profile=_USUAL_PROFILE.get(codec, "") if asked.profile == "default" else asked.profile,
    )


_USUAL_PROFILE = {"h264": "high", "h265": "main"}


def _gop(asked: VideoParameters, rate: Fraction | None) -> int:
    """The most pictures between keyframes, 0 for the encoder's choice."""
    if asked.gop_unit == "frame":
        return asked.gop
    return max(1, round(asked.gop * (rate or 25))) if asked.gop else 0


def _audio(asked: AudioParameters) -> AudioEncode:
    codec = asked.codec
    assert codec != "copy"
    return AudioEncode(
        codec=codec,
        bitrate_kbps=asked.bitrate_kbps,
        sample_rate_hz=asked.sample_rate_hz,
        channels=asked.channels,
    )
