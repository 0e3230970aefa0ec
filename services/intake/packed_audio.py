"""When packed audio begins: an HLS segment of bare sound has no clock but for a tag before it. Pure.

Source: RFC 8216 section 3.4; ID3v2.4 sections 3.1, 4.27.
"""

_OWNER = b"com.apple.streaming.transportStreamTimestamp\0"
_CLOCK_HZ = 90_000
_STAMP_BYTES = 8
_WRAP = 1 << 33
HEAD_BYTES = 1024
"""How much of the first segment has to be seen."""


def start_s(head: bytes) -> float | None:
    """The time of the first sample on the clock of the pictures; None where nothing tells."""
    if not head.startswith(b"ID3"):
        return None
    found = head.find(_OWNER)
    stamp = head[found + len(_OWNER) :][:_STAMP_BYTES] if found >= 0 else b""
    if len(stamp) < _STAMP_BYTES:
        return None
    return int.from_bytes(stamp, "big") % _WRAP / _CLOCK_HZ
