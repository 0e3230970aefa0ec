"""How pictures are got at: a scan, key pictures alone, or jumps."""

import pytest

from contracts.media import MediaInfo
from contracts.units import Shot
from services.planner.shots import at_once, method, shots
from shared.index import PacketIndex
from tests.media.made_up import index, media, picture


def _taken(times_s: list[float], source: MediaInfo, packets: PacketIndex) -> list[Shot]:
    return shots(times_s, [None] * len(times_s), source, packets)


@pytest.mark.parametrize(
    ("container", "key_s", "seek_s"),
    [("mov,mp4", 2.0, 10.25), ("matroska,webm", 2.0, 10.25), ("mpegts", 2.0, 9.5), ("mov,mp4", 0.48, 10.06)],
)
def test_lists_of_key_pictures_are_aimed_at(container: str, key_s: float, seek_s: float) -> None:
    source = media(60).model_copy(update={"container": container})
    (shot,) = _taken([11.0], source, index(60, key_s=key_s))
    assert shot.seek_s == pytest.approx(seek_s)


@pytest.mark.parametrize(
    ("times_s", "expected"),
    [
        ([n * 4.0 for n in range(90)], "keys"),
        ([n * 10.1 for n in range(36)], "seek"),
        ([n * 0.4 for n in range(900)], "scan"),
        ([300.0], "scan"),
    ],
)
def test_the_cheapest_way(times_s: list[float], expected: str) -> None:
    source, packets = media(360, picture(640, 360)), index(360)
    assert method(_taken(times_s, source, packets), picture(640, 360), source, packets).method == expected


def test_a_large_file_is_not_read_for_a_few_key_pictures() -> None:
    source, packets = media(360).model_copy(update={"size_bytes": 10**11}), index(360)
    assert method(_taken([0.0, 180.0], source, packets), picture(), source, packets).method == "seek"


def test_large_pictures_are_fewer_at_once() -> None:
    assert [at_once(picture(*size)) for size in ((320, 180), (1920, 1080), (3840, 2160))] == [40, 12, 3]
