"""Whether a source has what is needed of it. Pure."""

from contracts.codes import CONFIGURATION_UNSUPPORTED, SOURCE_NO_RESOLUTION, SOURCE_NO_VIDEO
from contracts.fitting import LEAST_SIDE
from contracts.media import MediaInfo, VideoStream
from contracts.parameters import VideoParameters
from shared.errors import MediaError

from .framing import framing
from .levels import check_level
from .renditions import frame_rate
from .windows import Window


def check_picture(media: MediaInfo) -> None:
    """Raises MediaError when the source has no picture to show."""
    if media.video is None or media.frames == 0:
        raise MediaError("the source has no picture", SOURCE_NO_VIDEO)
    if not media.video.display_width or not media.video.display_height:
        raise MediaError("the size of the source's picture is unknown", SOURCE_NO_RESOLUTION)


def check_size(parameters: VideoParameters, video: VideoStream) -> None:
    """Raises MediaError when the picture, at the size asked, is too small for its encoder or too much for its level."""
    least = LEAST_SIDE.get(parameters.codec, 0)
    asked = parameters
    made = framing(video, asked.width, asked.height, asked.resolution_adaptive, asked.fill_type, even=True)
    if min(made.width, made.height) < least:
        text = f"{parameters.codec} needs {least} pixels a side at least; it would be {made.width} x {made.height}"
        raise MediaError(text, CONFIGURATION_UNSUPPORTED)
    if asked.codec != "copy" and asked.level is not None:
        check_level(asked.codec, asked.level, made, frame_rate(asked.fps) or video.frame_rate, asked.bitrate_kbps)


def has_sound(media: MediaInfo, asked: Window) -> bool:
    """Whether any of the sound lies in a window."""
    audio = media.audio
    if audio is None:
        return False
    start_s = (media.start_s if audio.start_s is None else audio.start_s) - media.start_s
    end_s = start_s + audio.duration_s if audio.duration_s else float("inf")
    return asked.start_s < end_s and (asked.end_s is None or asked.end_s > start_s)
