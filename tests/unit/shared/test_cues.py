"""Cues: read, cut to a window, laid apart, written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cues import Cue, apart, read, subrip, windowed

TEXT = """1
00:00:00,200 --> 00:00:00,900
early

2
00:00:00,950 --> 01:00:01,450
<i>two</i>\r
lines

3
00:00:02,000 --> 00:00:02,000
never shown

4
00:00:03,000 --> 00:00:04,000

5
-1:59:59,900 --> 00:00:05,000
5

6
"""


def test_reading() -> None:
    assert read(TEXT)[:2] == [Cue(200, 900, "early"), Cue(950, 3601450, "<i>two</i>\nlines")]
    assert [cue.text for cue in read(TEXT)] == ["early", "<i>two</i>\nlines", "5\n\n6"]
    assert read("") == read("nothing\n\n") == []


def test_a_window() -> None:
    cues = [Cue(0, 1000, "a"), Cue(900, 1500, "b"), Cue(1900, 3000, "c"), Cue(2000, 2500, "d")]
    assert windowed(cues, 1.0, 2.0) == [Cue(0, 500, "b"), Cue(900, 1000, "c")]
    assert windowed(cues, 1.0, None) == [Cue(0, 500, "b"), Cue(900, 2000, "c"), Cue(1000, 1500, "d")]


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ([Cue(0, 2, "a"), Cue(2, 3, "a")], [Cue(0, 2, "a"), Cue(2, 3, "a")]),
        ([Cue(0, 4, "a"), Cue(2, 6, "b")], [Cue(0, 2, "a"), Cue(2, 4, "a\nb"), Cue(4, 6, "b")]),
        ([Cue(0, 4, "a"), Cue(0, 4, "b")], [Cue(0, 4, "a\nb")]),
        ([Cue(0, 9, "a"), Cue(2, 3, "b")], [Cue(0, 2, "a"), Cue(2, 3, "a\nb"), Cue(3, 9, "a")]),
    ],
)
def test_cues_laid_apart(cues: list[Cue], expected: list[Cue]) -> None:
    assert apart(cues) == expected


times = st.integers(0, 30)
some_cues = st.lists(st.tuples(times, times, st.sampled_from("abc")).filter(lambda cue: cue[0] < cue[1]), max_size=8)


@given(some_cues)
def test_laid_apart_the_same_is_on_show_at_every_moment(rows: list[tuple[int, int, str]]) -> None:
    cues = sorted(Cue(*row) for row in rows)
    laid = apart(cues)
    for moment in range(31):
        shown = sorted(cue.text for cue in cues if cue.start_ms <= moment < cue.end_ms)
        [*now] = [cue for cue in laid if cue.start_ms <= moment < cue.end_ms]
        assert len(now) <= 1
        assert sorted(now[0].text.split("\n") if now else []) == shown


@given(
    st.lists(st.builds(Cue, st.integers(0, 10**7), st.integers(10**7 + 1, 10**8), st.sampled_from(["a", "b\nc", "ä"])))
)
def test_what_is_written_is_read_again(cues: list[Cue]) -> None:
    assert read(subrip(cues)) == cues
