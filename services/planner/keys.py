"""Key pictures, where the encoder is free to place them. Pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from contracts.units import VideoEncode

from .span import Span

LONGEST = {"h264": 250, "h265": 250, "vp9": 128}
"""Pictures from one key picture to the next at most, as each encoder has it unless told otherwise."""
_NOTICE_SCENES = ("h264", "h265")
LENIENCE = 1.25
"""Of it: how much longer a chunk's may be, so as not to have one more key picture than it would in one piece."""
_TOLD_SCENES = ("h265", "vp9")
"""Encoders that are told changes of scene: x265 misses those where little moves, libvpx in one pass all of them.
SVT-AV1 misses them, too, but ffmpeg 5.1 passes no forced keyframe on to it: see `av1_gop`."""
SCENE_S = 2.0
"""The shortest that scenes are on average: a source that has key pictures more often has them for other reasons."""
GRID_MOST = 1000
"""Pictures: what is cut only where key pictures are so far apart is in too few pieces."""


def av1_gop(rate: Fraction | None) -> int:
    """Pictures from one key picture to the next in AV1: five seconds or a little more, as SVT-AV1 has it by itself.

    That is a number of whole groups of its pictures, and one.
    """
    pictures = float(rate or 25)
    return 5 * max(16, 32 * round(pictures / 32)) + 1


def grid(videos: Sequence[VideoEncode]) -> VideoEncode | None:
    """The rendition whose key pictures tell where chunks may begin, if there is one.

    SVT-AV1 has them at even distances, and counts on nothing from before the last: chunks that begin where one is
    anyway are what they would be in one piece, to within 0.1 % of size. Elsewhere a chunk has other key pictures, and
    2 % less or 7 % more.
    """
    even = (one for one in videos if one.codec == "av1" and one.key_every_s is None)
    return next((one for one in even if 0 < one.gop <= GRID_MOST), None)


def on_keys(span: Span, video: VideoEncode, count: int) -> list[int]:
    """Positions that part a span into at most `count` chunks, both ends included, each beginning at a key picture.

    Where the output's rate has no picture of the source's own there, chunks are one distance longer.
    """
    total = span.tick(span.stop, video.fps) if video.fps else span.stop - span.first
    length = video.gop * math.ceil(total / (count * video.gop))
    chosen, due = [span.first], length
    for tick in range(video.gop, total - video.gop // 2, video.gop):
        position = _shown_at(span, video, tick) if tick >= due else None
        if position is not None:
            chosen.append(position)
            due = tick + length
    return [*chosen, span.stop]


def _shown_at(span: Span, video: VideoEncode, tick: int) -> int | None:
    """The position of the picture that comes on show at a tick of the output, or as so many-th; None: none does."""
    fps = video.fps
    if fps is None:
        return span.first + tick
    position = span.first + bisect_left(range(span.first, span.stop), tick, key=lambda at: span.tick(at, fps))
    return position if position < span.stop and span.tick(position, fps) == tick else None


def at_scenes(span: Span, video: VideoEncode, first: int, stop: int) -> VideoEncode:
    """Pictures of positions `first` <= n < `stop` with a key picture for each change of scene that the source tells.

    Of a screen recording this made 7 % less of H.265, and pictures that are 1 dB better.
    """
    index, changes = span.index, span.index.scene_changes
    if video.codec not in _TOLD_SCENES or not video.scenecut or video.key_every_s is not None:
        return video
    if len(changes) * SCENE_S > span.seconds(0, len(index)):
        return video
    within = changes[bisect_right(changes, index.pts[first]) : bisect_right(changes, index.pts[stop - 1])]
    positions = (bisect_left(index.pts, change) for change in within)
    times_ms = {round(_before_s(span, video, first, at) * 1000) for at in positions}
    return video.model_copy(update={"scenes_ms": tuple(sorted(time_ms for time_ms in times_ms if time_ms > 0))})


def _before_s(span: Span, video: VideoEncode, first: int, position: int) -> Fraction:
    """From a first picture's time to midway between the picture at a position and the one before it, on the output."""
    if video.fps:
        return (span.tick(position, video.fps) - span.tick(first, video.fps) - Fraction(1, 2)) / video.fps
    return (span.index.border(position) - span.index.pts[first]) * span.index.time_base


def spread(video: VideoEncode, pictures: int, *, scenes: bool = False) -> VideoEncode:
    """So many pictures, key pictures a little further apart: another one before a seam, or a scene, is a waste.

    Not where they are a row of whole `scenes` and the encoder notices these: it begins to count anew at each.
    """
    longest = LONGEST.get(video.codec)
    if video.gop or video.key_every_s is not None or longest is None or pictures <= longest:
        return video
    if scenes and video.scenecut and video.codec in _NOTICE_SCENES:
        return video
    parts = [math.ceil(length / math.ceil(length / (LENIENCE * longest))) for length in _stretches(video, pictures)]
    return video.model_copy(update={"gop": max(longest, *parts)})


def _stretches(video: VideoEncode, pictures: int) -> list[int]:
    """How many pictures there are from one scene to the next."""
    rate = float(video.frame_rate or 0)
    begins = [0, *(round(time_ms / 1000 * rate + 0.5) for time_ms in video.scenes_ms), pictures]
    return [max(1, stop - first) for first, stop in pairwise(begins)]
