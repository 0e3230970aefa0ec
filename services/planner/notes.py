"""What a user should know of a source's renditions before any is made. Pure."""

from collections.abc import Sequence

from contracts.media import AudioStream, MediaInfo, OtherStream
from shared.index import PacketIndex

from .group import Group
from .renditions import Rendition
from .subtitles import subtitles_of, text_tracks

SHORTFALL_S = 1.0
SHORTFALL = 0.02
"""A source that ends so much before its header says, in seconds and as a share, is told to break off."""


def notes(group: Group, rendition: Rendition | None) -> list[str]:
    """What is not in a rendition (None: a set of streams), or not as asked, and a source that breaks off."""
    media = group.media
    kept = text_tracks(media) if rendition and subtitles_of(rendition, media) else []
    told = left_out(media.more_audio, [one for one in media.others if one not in kept])
    told += rendition.notes if rendition else ()
    if group.span is not None and group.span.end is None:
        told += _breaks_off(group.media, group.span.index)
    return told


def left_out(sounds: Sequence[AudioStream], others: Sequence[OtherStream]) -> list[str]:
    """Tracks that the source has and the result has not."""
    more = [f"sound track {one.index} ({_what(one.codec, one.language)})" for one in sounds]
    further = [f"{one.kind} track {one.index} ({_what(one.codec, one.language)})" for one in others]
    return [f"left out: {track}" for track in (*more, *further)]


def _what(codec: str | None, language: str | None) -> str:
    return ", ".join(part for part in (codec or "unknown", language) if part)


def _breaks_off(media: MediaInfo, index: PacketIndex) -> list[str]:
    promised_s = media.video.duration_s if media.video else None
    if not promised_s:
        return []
    found_s = index.seconds(index.end_pts) - index.seconds(index.pts[0])
    if promised_s - found_s <= max(SHORTFALL_S, SHORTFALL * promised_s):
        return []
    return [f"the source breaks off: {found_s:.1f} s of pictures instead of {promised_s:.1f} s"]
