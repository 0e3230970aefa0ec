"""Clips that go in front of a film and behind it: which of the candidates, in which order. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contracts.head_tails import HeadTailParameters
from contracts.media import MediaInfo, VideoStream
from contracts.parameters import FillType
from contracts.units import Source, UnitError
from shared.coded_form import Form
from shared.errors import MediaError
from shared.index import PacketIndex

from .usable import check_picture


@dataclass(frozen=True)
class Clip:
    """A candidate with what is known of it."""

    source: Source
    media: MediaInfo
    index: PacketIndex | None
    form: Form | None = None
    """How its picture is coded, where it may be joined by copying."""


Clips = Mapping[str, Clip | UnitError]
"""Every candidate by URL, or why it can't be had."""
NO_CLIPS: Clips = {}


class Insert(NamedTuple):
    """A clip to play, by URL, and how it fills the rendition's picture."""

    url: str
    fill: FillType


class Inserts(NamedTuple):
    """What plays before and after a film, in order."""

    heads: tuple[Insert, ...] = ()
    tails: tuple[Insert, ...] = ()


def chosen(asked: Sequence[HeadTailParameters], film: VideoStream, clips: Clips) -> Inserts:
    """The fittest of the candidates. Raises MediaError, naming it, when one can't be used."""
    heads = [Insert(_fittest(one.heads, film, clips), one.fill_type) for one in asked if one.heads]
    tails = [Insert(_fittest(one.tails, film, clips), one.fill_type) for one in asked if one.tails]
    return Inserts(tuple(heads), tuple(tails))


def _fittest(urls: Sequence[str], film: VideoStream, clips: Clips) -> str:
    """The one whose aspect is nearest to the film's, the first of equals."""
    return min(urls, key=lambda url: abs(_aspect(_picture(url, clips)) - _aspect(film)))


def _aspect(video: VideoStream) -> float:
    """As a logarithm: twice as wide is as far as twice as high."""
    return round(math.log(video.display_width / video.display_height), 6)


def _picture(url: str, clips: Clips) -> VideoStream:
    clip = usable(url, clips)
    assert clip.media.video is not None
    return clip.media.video


def usable(url: str, clips: Clips) -> Clip:
    """A candidate that has a picture. Raises MediaError, naming it, when it can't be used."""
    clip = clips[url]
    if isinstance(clip, UnitError):
        raise MediaError(f"head or tail {url}: {clip.message}", clip.code)
    try:
        check_picture(clip.media)
    except MediaError as error:
        raise MediaError(f"head or tail {url}: {error.message}", error.code) from error
    return clip
