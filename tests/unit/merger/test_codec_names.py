"""Codec strings: the examples of the specifications, from configurations written out here."""

import pytest

from services.merger.codec_names import codec_name


def init(entry: str, box: str, config: bytes) -> bytes:
    """As much of an initialisation segment as tells the codec."""
    return b"\0\0\0\x18ftypiso6\0\0\0\0stsd" + bytes(8) + entry.encode() + bytes(70) + box.encode() + config + b"\0btrt"


def hevc(profile: int, compatible: int, level: int, constraints: bytes) -> bytes:
    return bytes([1, profile]) + compatible.to_bytes(4, "big") + constraints.ljust(6, b"\0") + bytes([level])


def esds(object_type: int, inner: bytes = b"", *, long: bool = False) -> bytes:
    """Version and flags, then descriptors 3, 4 and 5; with `long` lengths take four bytes, as most muxers write."""

    def descriptor(tag: int, content: bytes) -> bytes:
        size = b"\x80\x80\x80" if long else b""
        return bytes([tag]) + size + bytes([len(content)]) + content

    own = descriptor(5, inner) if inner else b""
    return bytes(4) + descriptor(3, b"\0\1\0" + descriptor(4, bytes([object_type, 0x15]) + bytes(11) + own))


LC, HE = b"\x12\x10", b"\x2b\x92\x08\x00"


@pytest.mark.parametrize(
    ("entry", "box", "config", "expected"),
    [
        ("avc1", "avcC", b"\x01\x42\xe0\x1e", "avc1.42E01E"),  # RFC 6381 section 3.6
        ("avc1", "avcC", b"\x01\x64\x00\x28", "avc1.640028"),
        ("hvc1", "hvcC", hevc(1, 0x60000000, 93, b"\xb0"), "hvc1.1.6.L93.B0"),  # ISO 14496-15 annex E
        ("hvc1", "hvcC", hevc(0x64, 0x82000000, 120, b"\xb0\x23"), "hvc1.A4.41.H120.B0.23"),
        ("hvc1", "hvcC", hevc(2, 0x20000000, 153, b""), "hvc1.2.4.L153"),
        ("av01", "av1C", b"\x81\x04\x40\x00", "av01.0.04M.10"),  # AV1 in ISO media files, section 5
        ("av01", "av1C", b"\x81\x55\xe0\x00", "av01.2.21H.12"),
        ("av01", "av1C", b"\x81\x00\x0c\x00", "av01.0.00M.08"),
        ("vp09", "vpcC", b"\1\0\0\0\x02\x0a\xa2\x09\x10\x09", "vp09.02.10.10"),  # VP codecs in ISO media files
        ("vp09", "vpcC", b"\1\0\0\0\x00\x1f\x82\x02\x02\x02", "vp09.00.31.08"),
        ("mp4a", "esds", esds(0x40, LC), "mp4a.40.2"),  # RFC 6381 section 3.3
        ("mp4a", "esds", esds(0x40, LC, long=True), "mp4a.40.2"),
        ("mp4a", "esds", esds(0x40, HE, long=True), "mp4a.40.5"),
        ("mp4a", "esds", esds(0x6B), "mp4a.6B"),
    ],
)
def test_known_names(entry: str, box: str, config: bytes, expected: str) -> None:
    assert codec_name(init(entry, box, config)) == expected


@pytest.mark.parametrize("raw", [b"", init("mp4v", "esds", esds(0x20)), init("avc1", "hvcC", hevc(1, 0, 93, b""))])
def test_what_is_unknown_is_no_guess(raw: bytes) -> None:
    with pytest.raises(ValueError, match="unknown"):
        codec_name(raw)


def test_a_sound_without_its_descriptor() -> None:
    with pytest.raises(ValueError, match="descriptor 4"):
        codec_name(init("mp4a", "esds", bytes(4) + b"\x06\x01\0"))
