"""From a rendition's parameters to what the encoder is told. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from contracts.fitting import BitDepth, Container
from contracts.media import MediaInfo, VideoStream
from contracts.parameters import AudioParameters, Tehd, VideoParameters
from contracts.subtasks import Transcode
from contracts.units import AudioEncode, VideoEncode

from .framing import framing
from .keys import av1_gop
from .opened import colours, sdr
from .span import Span

_NTSC = tuple(Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120))


@dataclass(frozen=True)
class Rendition:
    """One file or stream to make of this source; the picture's bounds are still open.

    `name` tells it apart in its group. `in_pieces`: a later unit puts its picture and its sound together, also when
    nothing is cut. `notes` are to be told with its result.
    """

    name: str
    subtask_ids: tuple[str, ...]
    container: Container
    video: VideoEncode | None
    audio: AudioEncode | None
    in_pieces: bool = False
    notes: tuple[str, ...] = ()


def rendition(subtask: Transcode, media: MediaInfo, span: Span | None, *, has_audio: bool) -> Rendition:
    """What a subtask makes of a source; `span` is the pictures it shows, where an index tells them."""
    asked = subtask.parameters
    pictured = media.video and not asked.remove_video
    segmented = asked.container == "hls"
    every_s = segment_s(asked.video.hls_time) if segmented else None
    video = encoded_video(asked.video, asked.tehd, media.video, span, every_s) if media.video and pictured else None
    audio = encoded_audio(asked.audio) if has_audio and not asked.remove_audio else None
    if video and audio and every_s and span:  # segments count from what begins first
        video = video.model_copy(update={"key_phase_s": span.delay_s % every_s})
    return Rendition(
        name=subtask.subtask_id,
        subtask_ids=(subtask.subtask_id,),
        container=asked.container,
        video=video,
        audio=audio,
        in_pieces=segmented,
    )


def segment_s(asked_s: float) -> Fraction:
    """How long segments last, to the millisecond; 0: the usual 6 s."""
    return Fraction(asked_s or 6).limit_denominator(1000)


def frame_rate(fps: float) -> Fraction | None:
    """The exact rate meant by a decimal one (29.97 is 30000/1001); None for 0, the source's own times."""
    if not fps:
        return None
    near = next((rate for rate in _NTSC if abs(float(rate) - fps) < 0.005), None)
    return near or Fraction(fps).limit_denominator(1001)


def encoded_video(
    asked: VideoParameters, tehd: Tehd | None, source: VideoStream, span: Span | None, key_every_s: Fraction | None
) -> VideoEncode:
    """How a picture is encoded; `key_every_s` is the distance of the keyframes that segments begin with."""
    fps = frame_rate(asked.fps)
    if fps and span and span.tick(span.stop, fps) < 1:
        fps = None  # shorter than one picture at that rate: ffmpeg would make none at all
    codec = asked.codec
    assert codec != "copy"
    bitrate_kbps, vcrf, max_bitrate_kbps = _rate_control(asked, tehd)
    shown = colours(source)
    hdr = asked.preserve_hdr and shown.hdr
    bit_depth: BitDepth = 10 if hdr else asked.bit_depth
    return VideoEncode(
        codec=codec,
        framing=framing(source, asked.width, asked.height, asked.resolution_adaptive, asked.fill_type, even=True),
        fps=fps,
        frame_rate=fps,
        bitrate_kbps=bitrate_kbps,
        vcrf=vcrf,
        max_bitrate_kbps=max_bitrate_kbps,
        mode="vbr" if asked.mode == "vcrf" else asked.mode,
        gop=_gop(asked, fps or source.frame_rate, key_every_s),
        key_every_s=key_every_s,
        scenecut=not asked.no_scenecut,
        bframes=asked.bframes,
        profile=_USUAL_PROFILE.get((codec, bit_depth), "") if asked.profile == "default" else asked.profile,
        level=asked.level or "",
        codec_tag=asked.codec_tag or "hvc1",
        bit_depth=bit_depth,
        colours=shown.model_copy(update={"full": False}) if hdr else sdr(shown, source),
    )


TEHD_CRF = {"h264": 23, "h265": 26, "vp9": 32, "av1": 32}
"""The quality that TEHD-100 encodes for: few can tell the result from its source at normal viewing distance."""


def _rate_control(video: VideoParameters, tehd: Tehd | None) -> tuple[int, int | None, int]:
    """Average bit rate, constant quality, peak. TEHD-100: constant quality below a peak; else as asked."""
    if tehd is None or tehd.type == "OFF":
        return video.bitrate_kbps, video.vcrf, 0
    vcrf = TEHD_CRF[video.codec] if video.vcrf is None else video.vcrf
    return 0, vcrf, tehd.max_video_bitrate_kbps or video.bitrate_kbps


_USUAL_PROFILE = {("h264", 8): "high", ("h264", 10): "high10", ("h265", 8): "main", ("h265", 10): "main10"}


def _gop(asked: VideoParameters, rate: Fraction | None, key_every_s: Fraction | None) -> int:
    """The most pictures between keyframes, 0 for the encoder's choice."""
    if not asked.gop:
        return av1_gop(rate) if asked.codec == "av1" and key_every_s is None else 0
    return asked.gop if asked.gop_unit == "frame" else max(1, round(asked.gop * (rate or 25)))


def encoded_audio(asked: AudioParameters) -> AudioEncode:
    """How a sound is encoded."""
    codec = asked.codec
    assert codec != "copy"
    return AudioEncode(
        codec=codec,
        bitrate_kbps=asked.bitrate_kbps,
        sample_rate_hz=asked.sample_rate_hz,
        channels=asked.channels,
        loudness=asked.loudness,
    )
