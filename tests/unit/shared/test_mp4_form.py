"""Whether two files are coded alike, by their indexes."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.mp4_form import form

IDENTITY = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), name) + body


def numbers(name: bytes, *values: int) -> bytes:
    """A box of whole numbers behind its version."""
    return box(name, bytes(4), struct.pack(f">{len(values)}i", *values))


def film(
    *,
    config: bytes = b"sps",
    encoder: bytes = b"",
    kbps: int = 1,
    kind: bytes = b"vide",
    matrix: bytes = IDENTITY,
    samples: int = 3,
    times: bytes = b"",
) -> bytes:
    """A track."""
    entry = bytes(42) + encoder.ljust(32, b"\0") + bytes(4)
    boxes = box(b"avcC", config), box(b"btrt", struct.pack(">I", kbps))
    described = box(b"stsd", struct.pack(">II", 0, 1), box(b"avc1", entry, *boxes))
    table = box(b"stbl", described, box(b"stsz", struct.pack(">III", 0, 0, samples), bytes(4 * samples)), times)
    media = box(b"mdia", box(b"hdlr", bytes(8), kind), box(b"minf", table))
    return box(b"trak", box(b"tkhd", bytes(40), matrix, bytes(8)), media)


def written(path: Path, *tracks: bytes) -> Path:
    path.write_bytes(box(b"ftyp") + box(b"mdat", b"pictures") + box(b"moov", *tracks))
    return path


def test_what_decoders_need_tells_files_apart(tmp_path: Path) -> None:
    plain = form(written(tmp_path / "a.mp4", film()))
    assert plain is not None and (plain.tag, plain.samples, plain.plain) == ("avc1", 3, True)
    assert form(written(tmp_path / "b.mp4", film(encoder=b"Lavc", kbps=2), film(kind=b"soun"))) == plain
    other = form(written(tmp_path / "c.mp4", film(config=b"pps")))
    assert other is not None and other.description != plain.description
    turned = form(written(tmp_path / "d.mp4", film(matrix=bytes(36))))
    assert turned is not None and not turned.plain


def test_it_can_be_parted_at_closed_groups_only(tmp_path: Path) -> None:
    """Shown 0 2 1 | 3 5 4 | 7 6 8: the last group's second picture is shown before its key picture."""
    steps = numbers(b"stts", 1, 9, 1)
    shown = (0, 2, 1, 3, 5, 4, 7, 6, 8)
    offsets = numbers(b"ctts", 9, *(value for n, at in enumerate(shown) for value in (1, at - n)))
    keys = numbers(b"stss", 3, 1, 4, 7)
    made = form(written(tmp_path / "a.mp4", film(samples=9, times=steps + offsets + keys)))
    assert made is not None and made.cuts == {0, 3}
    plain = form(written(tmp_path / "b.mp4", film(samples=9, times=steps + keys)))
    assert plain is not None and plain.cuts == {0, 3, 6}
    alone = form(written(tmp_path / "c.mp4", film()))
    assert alone is not None and alone.cuts == {0, 1, 2}
    many = numbers(b"stts", 1, 2_000_000_000, 1)
    assert form(written(tmp_path / "d.mp4", film(samples=9, times=many + offsets))) is None


def test_others_have_none(tmp_path: Path) -> None:
    assert form(tmp_path / "gone.mp4") is None
    assert form(written(tmp_path / "a.mp4", film(), film())) is None
    assert form(written(tmp_path / "b.mp4", film(kind=b"soun"))) is None
    (tmp_path / "c.mp4").write_bytes(struct.pack(">I4sQ", 1, b"free", 1) * 4)
    assert form(tmp_path / "c.mp4") is None


@settings(max_examples=200)
@given(data=st.data())
def test_whatever_is_in_a_file_is_survived(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = bytearray(box(b"moov", film(), film(kind=b"soun")))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=6)):
        whole[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("any") / "a.mp4"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    form(path)
