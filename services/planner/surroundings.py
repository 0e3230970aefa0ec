"""What a chunk's encoder gets to see of the film around the chunk, to work as it would in one piece. Pure."""

from collections.abc import Iterable

from contracts.units import VideoEncode

from .span import Span

LEAD_IN, LONG_LEAD_IN = 12, 36
"""Pictures encoded before a chunk and thrown away, for constant quality and at a bit rate. Rate control goes by what
came before: it starts blind, its first keyframe is 1 to 5 dB worse, and in a film that stands still all of the chunk
stays behind."""
LOOK_AHEAD = 40
"""Pictures behind a chunk that a first pass looks at: as far as x264 looks ahead, so that a chunk's last pictures don't
seem to be the film's last. Not behind a change of scene: nothing refers to what is there, and its first picture would
count as the dearest of the chunk."""


def surrounded(span: Span, video: VideoEncode, first: int, stop: int) -> VideoEncode:
    """A rendition's chunk, of positions `first` <= n < `stop`, with its lead-in and its look-ahead."""
    ahead = {"look_ahead_end": _ahead(span, video, stop)} if stop < span.stop else {}
    wanted = _wanted(video)
    if not wanted or first == span.first:
        return video.model_copy(update=ahead)
    if video.fps and video.start is not None:
        pictures = min(wanted, video.start)
        lead: dict[str, object] = {"lead_in": pictures, "lead_in_start": video.start - pictures}
    else:
        begin = max(span.first, first - wanted)
        lead = {"lead_in": first - begin, "lead_in_start": span.index.border(begin) if begin else span.index.pts[0]}
    return video.model_copy(update=lead | ahead)


def earliest(span: Span, videos: Iterable[VideoEncode], first: int) -> int:
    """The position of the first picture to decode for a chunk from position `first` on."""
    return min((_begin(span, video, first) for video in videos if video.lead_in), default=first)


def _wanted(video: VideoEncode) -> int:
    """How many pictures. None where two passes know what is to come, nor where keyframes are on a grid.

    Neither for AV1: it would be as well, but ffmpeg 5.1 passes no forced keyframe on to SVT-AV1.
    """
    if video.key_every_s is not None:
        return 0
    if video.vcrf is not None or not video.bitrate_kbps:
        return LEAD_IN if video.codec in ("h264", "h265", "vp9") else 0
    blind = (video.codec == "h265" and video.mode == "cbr") or (video.codec == "vp9" and not video.fps)
    return LONG_LEAD_IN if blind else 0


def _begin(span: Span, video: VideoEncode, first: int) -> int:
    """The position of the picture on show where the lead-in begins."""
    if not video.fps or video.lead_in_start is None:
        return max(span.first, first - video.lead_in)
    while first > span.first and span.tick(first, video.fps) > video.lead_in_start:
        first -= 1
    return first


def _ahead(span: Span, video: VideoEncode, stop: int) -> int | None:
    if stop < span.stop and span.begins_scene(stop):
        return video.end
    if video.fps:
        return None if video.end is None else video.end + LOOK_AHEAD
    behind = stop + LOOK_AHEAD
    return span.index.border(behind) if behind < len(span.index) else None
