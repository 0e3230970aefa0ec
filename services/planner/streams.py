"""Which of the streams asked for a source is given. Pure."""

from collections.abc import Sequence

from contracts.codes import SOURCE_UNSUPPORTED
from contracts.media import MediaInfo, VideoStream
from contracts.streaming_parameters import AdaptiveDynamicStreamingParameters, StreamParameters
from shared.errors import MediaError

from .framing import framing
from .usable import check_picture, check_size

Kept = tuple[list[StreamParameters], list[str]]
"""Streams, and what to tell of those that were left out."""


def kept(asked: AdaptiveDynamicStreamingParameters, media: MediaInfo, *, has_audio: bool) -> Kept:
    """The streams to make, all with the first one's frame rate.

    Raises MediaError: SOURCE_NO_VIDEO when every stream has a picture and the source none, SOURCE_UNSUPPORTED when
    the streams without one find no sound.
    """
    pictured, heard = (
        [stream for stream in asked.streams if stream.remove_video is sound_only] for sound_only in (False, True)
    )
    notes: list[str] = []
    if heard and not has_audio:
        notes += _left_out(len(heard), "the source has no sound")
        heard = []
    if heard and (media.video is None or media.frames == 0):
        notes += _left_out(len(pictured), "the source has no picture")
        return heard, notes
    if not pictured:
        if not heard:
            raise MediaError("only sound is wanted, and the source has none", SOURCE_UNSUPPORTED)
        return heard, notes
    check_picture(media)
    assert media.video is not None
    made = _not_above(asked, _one_rate(pictured), media)
    notes += _left_out(len(pictured) - len(made), "above the source's resolution or bit rate")
    for stream in made:
        check_size(stream.video, media.video)
    return [*made, *heard], notes


def _one_rate(streams: Sequence[StreamParameters]) -> list[StreamParameters]:
    fps = streams[0].video.fps
    return [_changed(stream, fps=fps) for stream in streams]


def _not_above(
    asked: AdaptiveDynamicStreamingParameters, streams: list[StreamParameters], media: MediaInfo
) -> list[StreamParameters]:
    """Without those above the source. When all are, the lowest is made, no larger than the source."""
    assert media.video is not None
    video = media.video
    if not (asked.disable_higher_video_resolution or asked.disable_higher_video_bitrate):
        return streams
    fitting = [
        stream
        for stream in streams
        if not (asked.disable_higher_video_resolution and _larger(stream, video))
        and not (asked.disable_higher_video_bitrate and _richer(stream, media))
    ]
    if fitting:
        return fitting
    lowest = min(streams, key=lambda stream: (_pixels(stream, video), stream.video.bitrate_kbps))
    if asked.disable_higher_video_resolution and _larger(lowest, video):
        lowest = _changed(lowest, width=0, height=0)
    return [lowest]


def _larger(stream: StreamParameters, video: VideoStream) -> bool:
    """Whether the picture is scaled up, by more than rounding to even sides does."""
    made = _framed(stream, video)
    return made[0] > video.display_width + 1 or made[1] > video.display_height + 1


def _richer(stream: StreamParameters, media: MediaInfo) -> bool:
    source_kbps = (media.video.bitrate_kbps if media.video else None) or media.bitrate_kbps
    return bool(source_kbps) and stream.video.bitrate_kbps > (source_kbps or 0)


def _pixels(stream: StreamParameters, video: VideoStream) -> int:
    width, height = _framed(stream, video)
    return width * height


def _framed(stream: StreamParameters, video: VideoStream) -> tuple[int, int]:
    asked = stream.video
    made = framing(video, asked.width, asked.height, asked.resolution_adaptive, asked.fill_type, even=True)
    return made.scale_width, made.scale_height


def _changed(stream: StreamParameters, **video: object) -> StreamParameters:
    return stream.model_copy(update={"video": stream.video.model_copy(update=video)})


def _left_out(count: int, why: str) -> list[str]:
    return [f"left out: {count} of the streams, {why}"] if count else []
