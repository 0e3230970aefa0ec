"""A sound's last segment is not one that players stumble over."""

from fractions import Fraction

from services.merger.playlists import Part, Playlist, Segment
from services.merger.tail import Appended, with_its_tail

INIT = Part("init.mp4", 0, 100)


def _ranges(*durations_s: float) -> Playlist:
    parts = [Part("media.mp4", 100 + 10 * number, 10) for number in range(len(durations_s))]
    segments = [Segment(part, Fraction(str(one))) for part, one in zip(parts, durations_s, strict=True)]
    return Playlist(segments, INIT)


def test_a_short_tail_lengthens_the_range_before() -> None:
    whole, appended = with_its_tail(_ranges(2, 2, 0.02322))
    assert appended is None
    assert whole == Playlist(
        [Segment(Part("media.mp4", 100, 10), Fraction(2)), Segment(Part("media.mp4", 110, 20), Fraction("2.02322"))],
        INIT,
    )


def test_a_short_tail_of_files_is_appended() -> None:
    files = [Segment(Part(f"{number}.m4s"), Fraction(one)) for number, one in enumerate(("2", "2", "0.02"))]
    whole, appended = with_its_tail(Playlist(files, Part("init.mp4")))
    assert appended == Appended("2.m4s", "1.m4s")
    assert whole.segments == [files[0], Segment(Part("1.m4s"), Fraction("2.02"))]


def test_others_stay_as_they_are() -> None:
    for playlist in (_ranges(2, 2, 0.25), _ranges(0.1)):
        assert with_its_tail(playlist) == (playlist, None)
