"""Where key pictures are."""

from fractions import Fraction

import pytest

from contracts.units import Framing, VideoEncode
from services.planner.keys import at_scenes, av1_gop, grid, on_keys, spread
from services.planner.span import Span
from services.planner.windows import Window
from shared.index import PacketIndex

SMALL = Framing(width=640, height=360, scale_width=640, scale_height=360)
KEYS = (0, 250, 330, 580, 700)
"""25 pictures a second; scenes begin at 330 and 700, the others are as far apart as the encoder lets them be."""


WHOLE = Window()


def span(window: Window = WHOLE, keys: tuple[int, ...] = KEYS) -> Span:
    pts = [40 * n for n in range(1000)]
    return Span.of(window, 0.0, PacketIndex(Fraction(1, 1000), pts, [40 * key for key in keys], 40_000))


def scenes_ms(made: Span, first: int, stop: int, **asked: object) -> tuple[int, ...]:
    video = VideoEncode.model_validate({"framing": SMALL, "codec": "h265", **asked})
    return at_scenes(made, video, first, stop).scenes_ms


def test_encoders_that_miss_changes_of_scene_are_told_them() -> None:
    assert scenes_ms(span(), 0, 1000) == (330 * 40 - 20, 700 * 40 - 20)
    assert scenes_ms(span(), 0, 1000, fps=Fraction(50)) == (330 * 40 - 10, 700 * 40 - 10)
    assert scenes_ms(span(), 0, 1000, codec="vp9") == (330 * 40 - 20, 700 * 40 - 20)
    assert scenes_ms(span(), 0, 1000, codec="h264") == ()


def test_changes_of_scene_are_told_from_where_a_unit_begins() -> None:
    assert scenes_ms(span(), 300, 700) == (30 * 40 - 20,)
    assert scenes_ms(span(), 330, 1000) == (370 * 40 - 20,)
    assert scenes_ms(span(Window(12.0, 20.0)), 300, 500, fps=Fraction(10)) == (1150,)
    assert scenes_ms(span(Window(13.16)), 329, 1000, fps=Fraction(5)) == (14_700,), (
        "a scene of the same tick is no other"
    )


def test_scenes_that_nobody_wants_or_that_are_none_are_not_told() -> None:
    assert scenes_ms(span(), 0, 1000, scenecut=False) == ()
    assert scenes_ms(span(), 0, 1000, key_every_s=Fraction(2)) == ()
    often = (*range(0, 950, 45), 999)
    assert len(span(keys=often).index.scene_changes) > 0
    assert scenes_ms(span(keys=often), 0, 1000) == ()


@pytest.mark.parametrize(
    ("codec", "pictures", "gop"),
    [
        ("h264", 250, 0),
        ("h264", 275, 275),
        ("h264", 330, 250),
        ("h265", 600, 300),
        ("vp9", 283, 142),
        ("vp9", 1000, 143),
        ("av1", 283, 0),
    ],
)
def test_no_key_picture_just_before_a_seam(codec: str, pictures: int, gop: int) -> None:
    assert spread(VideoEncode.model_validate({"framing": SMALL, "codec": codec}), pictures).gop == gop


def test_what_was_asked_stays() -> None:
    assert spread(VideoEncode(framing=SMALL, gop=50), 275).gop == 50
    assert spread(VideoEncode(framing=SMALL, key_every_s=Fraction(2)), 275).gop == 0


def test_whole_scenes_get_the_key_pictures_that_they_have_in_one_piece() -> None:
    assert spread(VideoEncode(framing=SMALL), 275, scenes=True).gop == 0
    assert spread(VideoEncode(framing=SMALL, scenecut=False), 275, scenes=True).gop == 275
    assert spread(VideoEncode(framing=SMALL, codec="vp9"), 283, scenes=True).gop == 142


def test_no_key_picture_just_before_a_scene() -> None:
    told = VideoEncode(framing=SMALL, codec="vp9", frame_rate=Fraction(25), scenes_ms=(1180, 12_060))
    assert spread(told, 400, scenes=True).gop == 136, "30 pictures, 272 in two stretches, 98"
    assert spread(told.model_copy(update={"codec": "h265"}), 400, scenes=True).gop == 0


@pytest.mark.parametrize(("rate", "pictures"), [(None, 161), (12, 81), (24, 161), (30, 161), (50, 321), (100, 481)])
def test_av1_has_a_key_picture_after_five_seconds_or_a_little_more(rate: int | None, pictures: int) -> None:
    assert av1_gop(Fraction(rate) if rate else None) == pictures


def av1(**asked: object) -> VideoEncode:
    return VideoEncode.model_validate({"framing": SMALL, "codec": "av1", "gop": 100, **asked})


def test_av1_tells_where_chunks_begin_if_its_key_pictures_are_at_even_distances() -> None:
    x264 = VideoEncode(framing=SMALL, gop=50)
    assert grid([x264, av1()]) == av1()
    assert grid([x264]) is None
    assert grid([av1(gop=0)]) is None
    assert grid([av1(key_every_s=Fraction(6))]) is None
    assert grid([av1(gop=1001)]) is None


def test_chunks_of_av1_begin_where_a_key_picture_is_anyway() -> None:
    assert on_keys(span(), av1(), 10) == [*range(0, 1000, 100), 1000]
    assert on_keys(span(), av1(), 6) == [0, 200, 400, 600, 800, 1000]
    assert on_keys(span(), av1(gop=300), 5) == [0, 300, 600, 1000], "a chunk of a third of the distance is none"
    assert on_keys(span(), av1(gop=2000), 5) == [0, 1000]
    assert on_keys(span(Window(2.0)), av1(), 2) == [50, 550, 1000]


def test_chunks_of_av1_at_a_rate_begin_where_a_picture_of_the_source_comes_on_show() -> None:
    assert on_keys(span(), av1(fps=Fraction(50), gop=400), 5) == [0, 200, 400, 600, 800, 1000]
    assert on_keys(span(), av1(fps=Fraction(50), gop=401), 5) == [0, 401, 802, 1000], "ticks 401, 1203 have none"
    thinned = on_keys(span(), av1(fps=Fraction(5), gop=20), 10)
    assert [span().tick(place, Fraction(5)) for place in thinned] == [*range(0, 200, 20), 200]
