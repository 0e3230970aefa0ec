"""How the picture of somebody's MP4 or MOV file is coded: what has to be the same for files to be joined by copying.

Read from the file's index alone (ISO 14496-12, 14496-15): a millisecond, no process.
"""

import hashlib
import struct
from pathlib import Path

from .coded_form import Form
from .mp4 import children, index_of

MOST_BYTES = 64_000_000
"""A larger index than any film's is not read."""
_IDENTITY = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
_HEAD, _NAME = 78, slice(42, 74)
"""Of a visual sample entry: its length without boxes, and where in it the encoder may write its name."""
_FREE = (b"btrt", b"free", b"skip")
"""Boxes of a sample entry that no decoder needs."""


def form(path: Path) -> Form | None:
    """How a file's picture is coded; None for what is no such file, has no or several picture tracks, or fragments.

    Blocking.
    """
    try:
        index = index_of(path, MOST_BYTES)
        tracks = [dict(children(body)) for name, body in children(index) if name == b"trak"]
        pictures = [track for track in tracks if _box(track[b"mdia"], b"hdlr")[8:12] == b"vide"]
        return _form(pictures[0]) if len(pictures) == 1 else None
    except (OSError, struct.error, LookupError, ValueError):
        return None


def _form(track: dict[bytes, bytes]) -> Form | None:
    table = _box(_box(track[b"mdia"], b"minf"), b"stbl")
    (descriptions,) = struct.unpack_from(">I", _box(table, b"stsd"), 4)
    _, samples = struct.unpack_from(">II", _box(table, b"stsz"), 4)
    if descriptions != 1 or not samples:
        return None
    [(tag, entry)] = children(_box(table, b"stsd")[8:])
    told = [(name, body) for name, body in children(entry[_HEAD:]) if name not in _FREE]
    digest = hashlib.sha256(entry[: _NAME.start] + entry[_NAME.stop : _HEAD])
    for name, body in sorted(told):
        digest.update(name + struct.pack(">I", len(body)) + body)
    header = track[b"tkhd"]
    place = 52 if header[0] == 1 else 40
    return Form(tag.decode("ascii"), digest.hexdigest(), samples, header[place : place + 36] == _IDENTITY)


def _box(body: bytes, name: bytes) -> bytes:
    return dict(children(body))[name]
