"""How the bits of an average rate are dealt out to chunks. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from contracts.units import VideoEncode

from .span import Span

POWERS = {"h264": 0.5, "h265": 0.5, "vp9": 1.0}
"""A chunk gets bits as this power of what the source has there. In one piece x264 and x265 give a scene that is hard to
encode more bits, but not as many as one quality would need; libvpx almost does. SVT-AV1 goes its own ways."""
LEAST, MOST = 0.5, 1.4
"""Of the average: peaks stay what they are for the whole, half as much again."""


def shares(span: Span, places: Sequence[int], power: float) -> list[float]:
    """By chunk between these positions: its bit rate, of the average. 1.0 for all where the source tells nothing."""
    lengths_s = [float(span.seconds(first, stop)) for first, stop in pairwise(places)]
    sizes = [span.index.size_bytes(first, stop) for first, stop in pairwise(places)]
    if min(lengths_s) <= 0 or min(sizes) <= 0:
        return [1.0] * len(sizes)
    bent = [(size / length_s) ** power for size, length_s in zip(sizes, lengths_s, strict=True)]
    mean = _mean(bent, lengths_s)
    bounded = [min(MOST, max(LEAST, one / mean)) for one in bent]
    over = max(1.0, _mean(bounded, lengths_s))
    return [round(one / over, 3) for one in bounded]


def dealt(span: Span, places: Sequence[int], video: VideoEncode) -> list[VideoEncode]:
    """A rendition, for each chunk between these positions with its share, if it has an average rate to deal out."""
    power = POWERS.get(video.codec)
    if power is None or not video.average_kbps:
        return [video] * (len(places) - 1)
    return [video.model_copy(update={"share": share}) for share in shares(span, places, power)]


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
