"""Whether a source has what is needed of it. Pure."""

from contracts.codes import SOURCE_NO_RESOLUTION, SOURCE_NO_VIDEO
from contracts.media import MediaInfo
from shared.errors import MediaError

from .windows import Window


def check_picture(media: MediaInfo) -> None:
    """Raises MediaError when the source has no picture to show."""
    if media.video is None or media.frames == 0:
        raise MediaError("the source has no picture", SOURCE_NO_VIDEO)
    if not media.video.display_width or not media.video.display_height:
        raise MediaError("the size of the source's picture is unknown", SOURCE_NO_RESOLUTION)


def has_sound(media: MediaInfo, asked: Window) -> bool:
    """Whether any of the sound lies in a window."""
    audio = media.audio
    if audio is None:
        return False
    start_s = (media.start_s if audio.start_s is None else audio.start_s) - media.start_s
    end_s = start_s + audio.duration_s if audio.duration_s else float("inf")
    return asked.start_s < end_s and (asked.end_s is None or asked.end_s > start_s)
