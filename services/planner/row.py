"""Sources that play one after the other in renditions that all of them share: from clips to groups. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.parameters import FillType
from contracts.units import VideoEncode

from .clips import Clip
from .framing import framing
from .group import Group
from .opened import neighbours
from .renditions import Rendition
from .span import Span
from .windows import Window


@dataclass(frozen=True)
class Row:
    """Groups in the order in which they play, at a rate that they share (0: each picture at its own time).

    `base` is the one of them that the renditions are made for; what is left open is as its own. In an `edited` row
    every source begins with its first picture, its sound with that, and sounds are faded where they are cut.
    """

    name: str
    base: Group
    groups: Sequence[Group]
    fps: float
    edited: bool = False
    notes: Sequence[str] | None = None
    """To be told with the results; None: what there is to be told of the base."""


def joined_later(base: Group) -> Group:
    """Subtitles have no place in what is made of pieces: each of them would have to be moved by what plays before."""
    return replace(base, renditions=[replace(one, in_pieces=True) for one in base.renditions])


def alike(base: Group, clip: Clip, window: Window, fill: FillType, name: str) -> Group:
    """A window of a clip in the base's renditions, its pictures framed to the size of each, unmarked."""
    video = clip.media.video
    assert video is not None

    def framed(encode: VideoEncode) -> VideoEncode:
        size = encode.framing
        shown = framing(video, size.width, size.height, "close", fill, even=True)
        return encode.model_copy(update={"framing": shown, "drawings": ()})

    return Group(
        name=name,
        source=clip.source,
        media=clip.media,
        window=window,
        span=Span.of(window, clip.media.start_s, clip.index, neighbours(video)) if clip.index else None,
        renditions=[replace(one, video=framed(one.video)) for one in base.renditions if one.video],
        urls=base.urls,
        fleet=base.fleet,
    )


def changed(rendition: Rendition, **members: object) -> Rendition:
    """A rendition with another picture."""
    assert rendition.video is not None
    return replace(rendition, video=rendition.video.model_copy(update=members))
