"""How the picture of somebody's MP4 or MOV file is coded: what has to be the same for files to be joined by copying.

Read from the file's index alone (ISO 14496-12, 14496-15): a millisecond, no process.
"""

import hashlib
import struct
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

from .coded_form import Form
from .mp4 import children, index_of

MOST_BYTES = 64_000_000
"""A larger index than any film's is not read."""
MOST_SAMPLES = 5_000_000
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
    if descriptions != 1 or not 0 < samples <= MOST_SAMPLES:
        return None
    [(tag, entry)] = children(_box(table, b"stsd")[8:])
    told = [(name, body) for name, body in children(entry[_HEAD:]) if name not in _FREE]
    digest = hashlib.sha256(entry[: _NAME.start] + entry[_NAME.stop : _HEAD])
    for name, body in sorted(told):
        digest.update(name + struct.pack(">I", len(body)) + body)
    header = track[b"tkhd"]
    place = 52 if header[0] == 1 else 40
    plain = header[place : place + 36] == _IDENTITY
    return Form(tag.decode("ascii"), digest.hexdigest(), samples, plain, _cuts(dict(children(table)), samples))


def _cuts(table: dict[bytes, bytes], samples: int) -> frozenset[int]:
    """Closed groups of pictures begin there."""
    keys: Iterable[int] = range(samples)
    if b"stss" in table:
        (count,) = struct.unpack_from(">I", table[b"stss"], 4)
        keys = [number - 1 for (number,) in struct.iter_unpack(">I", table[b"stss"][8 : 8 + 4 * count])]
    if b"ctts" not in table:
        return frozenset(keys)
    steps, offsets = _expanded(table[b"stts"], "I", samples), _expanded(table[b"ctts"], "i", samples)
    shown = [begin + offset for begin, offset in zip(accumulate(steps, initial=0), offsets, strict=False)]
    latest = list(accumulate(shown, max))
    earliest = list(accumulate(reversed(shown), min))[::-1]
    return frozenset(
        n for n in keys if 0 <= n < samples and earliest[n] == shown[n] and (not n or latest[n - 1] < shown[n])
    )


def _expanded(body: bytes, form: str, samples: int) -> list[int]:
    """A value for each sample; ValueError when the table has not as many."""
    (count,) = struct.unpack_from(">I", body, 4)
    runs = list(struct.iter_unpack(f">I{form}", body[8 : 8 + 8 * count]))
    if sum(many for many, _ in runs) != samples:
        raise ValueError("not a value for each sample")
    return [value for many, value in runs for _ in range(many)]


def _box(body: bytes, name: bytes) -> bytes:
    return dict(children(body))[name]
