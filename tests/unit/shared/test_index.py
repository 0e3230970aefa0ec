"""The packet index: what it takes in, what it refuses, what it answers."""

from fractions import Fraction

from shared.index import PacketIndex, built
from tests.media.made_up import index

MS = Fraction(1, 1000)


def _built(*packets: tuple[int | None, bool], jump: bool = False) -> PacketIndex | None:
    return built(MS, [(pts, key, 100) for pts, key in packets], 40, clock_may_jump=jump)


def test_pictures_are_in_the_order_of_time() -> None:
    made = _built((0, True), (120, False), (40, False), (80, False))
    assert made is not None
    assert (list(made.pts), list(made.keys), made.end_pts) == ([0, 40, 80, 120], [0], 160)


def test_pictures_that_cannot_be_decoded_are_left_out() -> None:
    made = _built((0, False), (120, True), (80, False), (160, False))
    assert made is not None
    assert list(made.pts) == [120, 160]


def test_unreliable_times() -> None:
    assert _built((0, True), (None, False)) is None
    assert _built((0, True), (40, False), (40, False)) is None
    assert _built((0, False), (40, False)) is None
    assert _built((0, True), (20_000, False), jump=True) is None
    assert _built((0, True), (20_000, False)) is not None


def test_bytes_are_told_from_key_picture_to_key_picture() -> None:
    made = built(MS, [(0, True, 500), (80, False, 60), (40, False, 40), (120, True, 300), (160, False, 100)], 40,
                 clock_may_jump=False)  # fmt: skip
    assert made is not None
    assert list(made.key_bytes) == [600, 400]
    assert (made.size_bytes(0, 5), made.size_bytes(0, 3), made.size_bytes(1, 4)) == (1000, 600, 600)
    assert PacketIndex(MS, [0, 40], [0], 80).size_bytes(0, 2) == 0


def test_key_pictures_in_another_order_than_that_of_time_tell_no_bytes() -> None:
    made = _built((0, True), (80, True), (40, True))
    assert made is not None
    assert (list(made.keys), list(made.key_bytes)) == ([0, 40, 80], [])


def test_answers() -> None:
    made = index(4)
    assert made.at_or_after(1.001) == 26
    assert made.on_show(1.079) == 26
    assert made.on_show(-5) == 0
    assert made.on_show(99) == 99
    assert made.border(1) == 20
    assert made.key_before(3999) == 2000
    assert made.key_before(-1) == 0
