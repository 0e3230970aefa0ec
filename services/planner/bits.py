"""How the bits of an average rate are dealt out to chunks. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from contracts.units import VideoEncode

from .span import Span

BENT = 0.5
"""A chunk gets bits as this power of what the source has there. Rate control in one piece gives a scene that is hard to
encode more bits, but fewer than as many as it needs (x264: the power of 0.6 of what it is at one quality), and of what
makes it hard the source tells a part only."""
LEAST, MOST = 0.5, 1.4
"""Of the average: peaks stay what they are for the whole, half as much again."""
_DEALT = ("h264", "h265")


def shares(span: Span, places: Sequence[int]) -> list[float]:
    """By chunk between these positions: its bit rate, of the average. 1.0 for all where the source tells nothing."""
    lengths_s = [float(span.seconds(first, stop)) for first, stop in pairwise(places)]
    sizes = [span.index.size_bytes(first, stop) for first, stop in pairwise(places)]
    if min(lengths_s) <= 0 or min(sizes) <= 0:
        return [1.0] * len(sizes)
    bent = [(size / length_s) ** BENT for size, length_s in zip(sizes, lengths_s, strict=True)]
    mean = _mean(bent, lengths_s)
    bounded = [min(MOST, max(LEAST, one / mean)) for one in bent]
    over = max(1.0, _mean(bounded, lengths_s))
    return [round(one / over, 3) for one in bounded]


def dealt(video: VideoEncode, share: float) -> VideoEncode:
    """A rendition's chunk that gets this share, if it has an average rate to deal out."""
    if video.codec not in _DEALT or video.vcrf is not None or not video.bitrate_kbps or video.mode == "cbr":
        return video
    return video.model_copy(update={"share": share})


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
