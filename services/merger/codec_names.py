"""Names of codecs for players (RFC 6381), from the sample entry of an MP4 initialisation segment. Pure.

Sources: ISO 14496-15 annex E (AVC, HEVC), the AV1 and VP9 bindings to ISO media files, RFC 6381 section 3.3 (MPEG-4).
"""

from collections.abc import Callable


def codec_name(init: bytes) -> str:
    """The codec of the one track that an initialisation segment describes. Raises ValueError when it is none known."""
    for entry, (box, name) in _ENTRIES.items():
        at = init.find(entry)
        inside = init.find(box, at) if at >= 0 else -1
        if inside >= 0:
            return name(entry.decode(), init[inside + 4 :])
    raise ValueError("the codec of an initialisation segment is unknown")


def _avc(entry: str, config: bytes) -> str:
    return f"{entry}.{config[1:4].hex().upper()}"


def _hevc(entry: str, config: bytes) -> str:
    """Profile, compatibility with its bits reversed, tier and level, constraints without trailing zeros."""
    space, tier, profile = config[1] >> 6, config[1] >> 5 & 1, config[1] & 31
    compatible = int(f"{int.from_bytes(config[2:6], 'big'):032b}"[::-1], 2)
    constraints = [f"{byte:X}" for byte in config[6:12].rstrip(b"\0")]
    parts = [f"{['', 'A', 'B', 'C'][space]}{profile}", f"{compatible:X}", f"{'LH'[tier]}{config[12]}", *constraints]
    return ".".join([entry, *parts])


def _av1(entry: str, config: bytes) -> str:
    profile, level = config[1] >> 5, config[1] & 31
    tier, high, twelve = config[2] >> 7, config[2] >> 6 & 1, config[2] >> 5 & 1
    depth = 12 if high and twelve else 10 if high else 8
    return f"{entry}.{profile}.{level:02d}{'MH'[tier]}.{depth:02d}"


def _vp9(entry: str, config: bytes) -> str:
    return f"{entry}.{config[4]:02d}.{config[5]:02d}.{config[6] >> 4:02d}"


def _mpeg4(entry: str, config: bytes) -> str:
    """Descriptor 4 tells the object type; within descriptor 5 the first five bits are AAC's kind (2: LC)."""
    at = _descriptor(config, 4, 4)
    kind = config[at]
    if kind != 0x40:
        return f"{entry}.{kind:02X}"
    inner = _descriptor(config, 5, at + 13)
    return f"{entry}.{kind:02X}.{config[inner] >> 3}"


def _descriptor(config: bytes, tag: int, start: int) -> int:
    """Where the content of a descriptor begins; its length takes one to four bytes. Descriptor 3 has 3 bytes first."""
    at = start
    if config[at] == 3 and tag != 3:
        at = _skipped(config, at) + 3
    if config[at] != tag:
        raise ValueError(f"no descriptor {tag} where it was expected")
    return _skipped(config, at)


def _skipped(config: bytes, at: int) -> int:
    at += 1
    while config[at] & 0x80:
        at += 1
    return at + 1


_ENTRIES: dict[bytes, tuple[bytes, Callable[[str, bytes], str]]] = {
    b"avc1": (b"avcC", _avc),
    b"hvc1": (b"hvcC", _hevc),
    b"av01": (b"av1C", _av1),
    b"vp09": (b"vpcC", _vp9),
    b"mp4a": (b"esds", _mpeg4),
}
