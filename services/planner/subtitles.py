"""Which subtitles of a source a rendition keeps: text, where the container has a form for it. Pure."""

from contracts.fitting import Container
from contracts.media import MediaInfo, OtherStream
from contracts.subtitle_work import SubtitleCodec, SubtitlesIn, SubtitleTrack

from .renditions import Rendition
from .windows import Window

SUBTITLE_CODECS: dict[Container, SubtitleCodec] = {"mp4": "mov_text", "webm": "webvtt"}
"""What containers keep, beside a picture."""
TEXT = ("subrip", "ass", "ssa", "mov_text", "webvtt", "text")
"""Codecs of subtitles that are text, in ffprobe's names; the others are pictures."""


def subtitles_of(rendition: Rendition, media: MediaInfo) -> SubtitleCodec | None:
    """The form in which a rendition keeps the source's subtitles; None when it keeps none."""
    if rendition.in_pieces or not rendition.video or not text_tracks(media):
        return None
    return SUBTITLE_CODECS.get(rendition.container)


def text_tracks(media: MediaInfo) -> list[OtherStream]:
    """The source's subtitle tracks that are text."""
    return [one for one in media.others if one.kind == "subtitle" and one.codec in TEXT]


def subtitles_in(media: MediaInfo, window: Window) -> SubtitlesIn:
    """How workers read the subtitles of a window."""
    tracks = [
        SubtitleTrack(
            index=one.index, codec=one.codec or "", language=one.language, default=one.default, forced=one.forced
        )
        for one in text_tracks(media)
    ]
    return SubtitlesIn(tracks=tracks, start_s=window.start_s, end_s=window.end_s)
