"""The index of segments, taken apart as ISO 14496-12 section 8.16.3 lays it out."""

import struct
from fractions import Fraction
from typing import Any

from contracts.units import StreamFiles
from services.merger.index_box import index_box, index_range, index_size, indexed
from services.merger.playlists import Part, Playlist, Segment
from services.merger.tracks import CutTrack

INIT = Part("v.mp4", 0, 800)
THIRDS = [Segment(Part("v.mp4", 800 + 100 * n, 100 + n), Fraction(1, 3)) for n in range(4)]


def track(**facts: Any) -> CutTrack:
    plain: dict[str, Any] = {"type": "video", "codec": "avc1.64000A", "plain_codec": "h264"}
    return CutTrack(files=StreamFiles(), playlist=Playlist(THIRDS, INIT), **(plain | facts))


def test_every_field() -> None:
    raw = index_box(track(start_s=0.08))
    size, name, version, flags = struct.unpack_from(">I4sB3s", raw)
    assert (size, name, version, flags) == (len(raw), b"sidx", 1, b"\0\0\0")
    reference_id, timescale, earliest, first_offset, reserved, count = struct.unpack_from(">IIQQHH", raw, 12)
    assert (reference_id, timescale, earliest, first_offset, reserved, count) == (1, 90_000, 7_200, 0, 0, 4)
    entries = [struct.unpack_from(">III", raw, 40 + 12 * n) for n in range(count)]
    assert [entry[0] for entry in entries] == [100, 101, 102, 103], "reference type 0 (media), then the size"
    assert [entry[1] for entry in entries] == [30_000] * 4
    assert {entry[2] for entry in entries} == {1 << 31 | 1 << 28}, "starts with SAP, of type 1, at once"
    assert len(raw) == 40 + 12 * count == index_size(count)


def test_rounding_does_not_add_up() -> None:
    """Borders are rounded, not lengths: a third of 32000 is now 10667 ticks, now 10666."""
    raw = index_box(track(type="audio", sample_rate_hz=32_000, start_s=-0.064))
    lengths = [struct.unpack_from(">I", raw, 44 + 12 * n)[0] for n in range(4)]
    assert lengths == [10_667, 10_666, 10_667, 10_667] and sum(lengths) == round(32_000 * 4 / 3)
    assert struct.unpack_from(">Q", raw, 20) == (0,), "what is primed begins at 0"


def test_ranges_move_behind_the_index() -> None:
    moved = indexed(Playlist(THIRDS, INIT), "there.mp4")
    by = index_size(4)
    assert index_range(track()) == (800, 800 + by - 1)
    assert moved.init == Part("there.mp4", 0, 800)
    assert [one.part for one in moved.segments] == [Part("there.mp4", 800 + by + 100 * n, 100 + n) for n in range(4)]
    assert [one.duration_s for one in moved.segments] == [Fraction(1, 3)] * 4
