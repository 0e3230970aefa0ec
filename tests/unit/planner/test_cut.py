"""How many chunks, and where the borders lie."""

from fractions import Fraction

import pytest

from services.planner.cut import borders, chunk_count, wasted
from shared.index import built
from tests.media.made_up import index


@pytest.mark.parametrize(
    ("cost_s", "slots", "count"),
    [(39, 8, 1), (40, 1, 2), (100, 2, 4), (130, 4, 4), (170, 4, 8), (90, 16, 3), (3000, 8, 100), (1e6, 8, 400)],
)
def test_counts(cost_s: float, slots: int, count: int) -> None:
    assert chunk_count(cost_s, slots) == count


def test_borders_lie_at_key_pictures_near_equal_distances() -> None:
    made = index(60, key_s=4)
    chosen = borders(made, 0, len(made), 4)
    assert [made.pts[position] for position in chosen[:-1]] == [0, 16_000, 28_000, 44_000]
    assert chosen[-1] == len(made)
    assert wasted(made, chosen) == 0


def test_without_keys_nearby_any_picture_will_do() -> None:
    made = index(60, key_s=1000)
    chosen = borders(made, 0, len(made), 4)
    assert [made.pts[position] for position in chosen[:-1]] == [0, 15_000, 30_000, 45_000]
    assert wasted(made, chosen) == 375 + 750 + 1125


def test_no_more_chunks_than_pictures() -> None:
    made = index(0.12, key_s=1)
    assert borders(made, 0, 3, 50) == [0, 1, 2, 3]


def test_borders_lie_rather_at_changes_of_scene() -> None:
    """Where a key picture came early: a seam is free there."""
    packets = [(n * 40, n in {0, 50, 100, 150, 200, 230, 280, 330, 380}, 100) for n in range(400)]
    made = built(Fraction(1, 1000), packets, 40, clock_may_jump=False)
    assert made is not None
    assert borders(made, 0, 400, 2) == [0, 230, 400]
    assert borders(made, 0, 400, 4) == [0, 100, 200, 280, 400]
    far = [(n * 40, n in {*range(0, 440, 50), *range(440, 1200, 50)}, 100) for n in range(1200)]
    made = built(Fraction(1, 1000), far, 40, clock_may_jump=False)
    assert made is not None
    assert borders(made, 0, 1200, 12)[4] == 440
