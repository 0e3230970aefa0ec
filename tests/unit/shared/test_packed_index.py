"""A packet index as few bytes, and back."""

import random
from fractions import Fraction

import pytest

from shared.index import PacketIndex
from shared.packed_index import packed, unpacked


def index(pts: list[int], keys: list[int]) -> PacketIndex:
    return PacketIndex(Fraction(1001, 30000), pts, keys, pts[-1] + 3, [2**33 + n for n, _ in enumerate(keys)])


def same(one: PacketIndex, other: PacketIndex) -> bool:
    lists = ("pts", "keys", "key_bytes")
    return (one.time_base, one.end_pts) == (other.time_base, other.end_pts) and all(
        list(getattr(one, name)) == list(getattr(other, name)) for name in lists
    )


@pytest.mark.parametrize(
    ("pts", "keys"),
    [([0], [0]), ([-7, 5, 2**40], [-7, 2**40]), (list(range(100, 9000, 3)), list(range(100, 9000, 300)))],
)
def test_what_is_unpacked_is_what_was_packed(pts: list[int], keys: list[int]) -> None:
    assert same(unpacked(packed(index(pts, keys))), index(pts, keys))


def test_two_hours_at_an_even_rate_are_a_few_kilobytes() -> None:
    pts = list(range(0, 2 * 3600 * 25 * 3600, 3600))
    assert len(packed(index(pts, pts[::250]))) < 4000


def test_two_hours_in_which_no_two_key_pictures_have_as_much_behind_them_are_five() -> None:
    chance = random.Random(1)
    pts = range(0, 2 * 3600 * 25 * 3600, 3600)
    keys = pts[::250]
    key_bytes = [chance.randint(5_000, 900_000) for _ in keys]
    assert len(packed(PacketIndex(Fraction(1, 90_000), pts, keys, pts[-1] + 3600, key_bytes))) < 5500


def test_two_hours_at_a_rate_that_never_stays_are_less_than_half_a_megabyte() -> None:
    chance = random.Random(1)
    pts, now = [], 0
    for _ in range(2 * 3600 * 25):
        pts.append(now)
        now += chance.randint(1000, 8000)
    made = packed(index(pts, pts[::250]))
    assert len(made) < 512 * 1024
    assert same(unpacked(made), index(pts, pts[::250]))


@pytest.mark.parametrize("data", [b"", b"x" * 50, packed(index([0], [0]))[:-3]])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no packed index"):
        unpacked(data)
