"""Streams that one manifest, or several alike, lead to. Pure values."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from contracts.units import AudioEncode, Manifest, StreamFiles, Variant


@dataclass(frozen=True)
class StreamPlan:
    """A track of a set: the rendition that its pictures are, or its sound."""

    files: StreamFiles
    rendition: str = ""
    frame_rate: Fraction | None = None
    audio: AudioEncode | None = None


@dataclass(frozen=True)
class StreamSet:
    """One set of media files with its manifests."""

    streams: Sequence[StreamPlan]
    variants: Sequence[Variant]
    manifests: Sequence[Manifest]
    segment_s: Fraction
    notes: Sequence[str]
