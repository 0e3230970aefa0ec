"""What an HLS playlist leads to: one variant and its sound, their segments. Pure. Source: RFC 8216.

Taken are finished playlists of transport streams or fragmented MP4 without a break, in the clear or with AES-128.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import m3u8

from contracts import codes
from shared.errors import MediaError
from shared.web_rules import is_web, shown


@dataclass(frozen=True)
class Key:
    """How a segment is encrypted: AES-128, CBC; `iv` are 16 bytes."""

    url: str
    iv: bytes


@dataclass(frozen=True)
class Part:
    """A segment, or what all of them begin with: a file of the web, or `length` bytes of one from `start` on."""

    url: str
    start: int = 0
    length: int | None = None
    key: Key | None = None


def playlist_text(raw: bytes) -> str:
    """A playlist's text. Raises MediaError when it is none."""
    text = raw.decode("utf-8", errors="replace").removeprefix("\ufeff").strip()
    if not text.startswith("#EXTM3U"):
        raise MediaError("called a playlist, but it is none", codes.SOURCE_MALFORMED)
    return text


def variant(text: str, url: str) -> list[str] | None:
    """The media playlists that a master playlist offers at its best: the picture's, and the sound's if it has one.

    The best variant is that of the highest bandwidth, its sound the default one of its group. None: `text` is itself a
    media playlist. Raises MediaError.
    """
    master = _read(text, url)
    if not master.is_variant:
        return None
    if not master.playlists:
        raise MediaError("the playlist offers no variant", codes.SOURCE_MALFORMED)
    best = max(master.playlists, key=lambda one: one.stream_info.bandwidth or 0)
    group = best.stream_info.audio
    sounds = [one for one in master.media if one.type == "AUDIO" and one.group_id == group and group]
    sounds.sort(key=lambda one: (one.default != "YES", one.autoselect != "YES"))
    beside = [_web(one.absolute_uri) for one in sounds[:1] if one.uri]
    picture = _web(best.absolute_uri)
    return [picture, *(one for one in beside if one != picture)]


def parts(text: str, url: str, most: int) -> list[Part]:
    """All that a media playlist's stream is made of, in order. Raises MediaError."""
    media = _read(text, url)
    if media.is_variant:
        raise MediaError("a playlist of playlists leads to another one", codes.SOURCE_UNSUPPORTED)
    segments = list(media.segments)
    if not segments:
        raise MediaError("the playlist has no segment", codes.SOURCE_MALFORMED)
    if len(segments) > most:
        text = f"the playlist has {len(segments)} segments; {most} are the most (VODFLOW_FETCH_SEGMENTS)"
        raise MediaError(text, codes.SOURCE_TOO_LARGE)
    _check(media, segments)
    inits = list(dict.fromkeys(_init(one.init_section) for one in segments))
    if len(inits) > 1:
        raise _unsupported("begins anew in the middle (several EXT-X-MAP)")
    found = [init for init in inits if init]
    if found and any(_key(one, 0) for one in segments):
        raise _unsupported("is encrypted fragmented MP4")
    ends: dict[str, int] = {}
    for number, one in enumerate(segments, start=media.media_sequence or 0):
        place = _web(one.absolute_uri)
        start, length = _range(one.byterange, ends.get(place, 0))
        ends[place] = start + (length or 0)
        found.append(Part(place, start, length, _key(one, number)))
    return found


def _read(text: str, url: str) -> Any:
    try:
        return m3u8.loads(text, uri=url)
    except Exception as error:  # the library lets through whatever a hostile value makes Python raise
        raise MediaError(f"a playlist that can't be read: {type(error).__name__}", codes.SOURCE_MALFORMED) from error


def _check(media: Any, segments: Sequence[Any]) -> None:
    if not media.is_endlist:
        raise _unsupported("is a live one: it has no end (EXT-X-ENDLIST)")
    if media.is_i_frames_only:
        raise _unsupported("has key pictures only")
    if any(one.discontinuity for one in segments[1:]):
        raise _unsupported("is made of several recordings (EXT-X-DISCONTINUITY)")
    if any(one.gap_tag for one in segments):
        raise _unsupported("has gaps")


def _unsupported(what: str) -> MediaError:
    return MediaError(f"the playlist {what}: this is not supported", codes.SOURCE_UNSUPPORTED)


def _init(section: Any) -> Part | None:
    if section is None:
        return None
    start, length = _range(section.byterange, 0)
    return Part(_web(section.absolute_uri), start, length)


def _key(segment: Any, number: int) -> Key | None:
    key = segment.key
    if key is None or key.method == "NONE":
        return None
    if key.method != "AES-128" or key.keyformat not in (None, "identity"):
        raise _unsupported(f"is encrypted ({ascii(key.method)[1:20]})")
    try:
        iv = int(key.iv, 16) if key.iv else number
        return Key(_web(key.absolute_uri), iv.to_bytes(16, "big"))
    except (ValueError, OverflowError) as error:
        raise MediaError("the playlist's initialisation vector is none", codes.SOURCE_MALFORMED) from error


def _range(told: str | None, after: int) -> tuple[int, int | None]:
    if told is None:
        return 0, None
    length, _, start = told.partition("@")
    if not (length.isdigit() and (start.isdigit() or not start) and 0 < int(length) < 1 << 50):
        raise MediaError("the playlist's byte ranges are none", codes.SOURCE_MALFORMED)
    return int(start) if start else after, int(length)


def _web(url: str | None) -> str:
    if not url or not is_web(url):
        raise MediaError(f"the playlist leads to {shown(url or '')}, which is no web URL", codes.SOURCE_REFUSED)
    return url
