"""Where to seek to, so that decoding begins with a certain key picture and not with the one before it. Pure."""

from bisect import bisect_right

from contracts.media import MediaInfo
from shared.index import PacketIndex

MARGIN_S = 0.5
"""So much before a key picture to seek to: demuxers aim by decoding time or file position, not by PTS."""
_AIMED = ("mov", "matroska")
"""Containers with a list of their key pictures: a jump to a little behind one lands on it. Others are aimed at with a
margin before it, which decodes the pictures of the key picture before in vain."""
_AIM_S = 0.25
"""Behind the key picture: ffmpeg aims 3/23 s earlier than told where pictures are reordered."""
_AIM_GAP_S = 1.0
"""Only if the next key picture is so far away: its decoding time, which lists go by, may be earlier than its PTS."""


def seek_s(key: int, media: MediaInfo, index: PacketIndex) -> float | None:
    """A time to seek to for what is decoded from a key picture on, by its PTS; None: read from the file's start."""
    if key <= index.pts[0]:
        return None
    after = bisect_right(index.keys, key)
    gap = (index.keys[after] if after < len(index.keys) else index.end_pts) - key
    aimed = media.container.startswith(_AIMED) and index.seconds(gap) >= _AIM_GAP_S
    return index.seconds(key) + (_AIM_S if aimed else -MARGIN_S)
