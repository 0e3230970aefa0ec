"""What came out at more than its bit rate."""

import pytest

from contracts.units import EncodeOutput, Framing, VideoEncode
from services.transcoder.overshoot import lowered, nearer
from shared.written import Track, Written

SMALL = Framing(width=640, height=360, scale_width=640, scale_height=360)


def output(**asked: object) -> EncodeOutput:
    video = VideoEncode.model_validate({"framing": SMALL, "bitrate_kbps": 1000, **asked})
    return EncodeOutput(name="a", video=video)


def written(kbps: float, seconds: float = 10.0) -> Written:
    size_bytes = round(kbps * seconds * 1000 / 8)
    return Written(2 * size_bytes, seconds, [Track("soun", "aac", 1, size_bytes, 9.0), _picture(size_bytes, seconds)])


def _picture(size_bytes: int, seconds: float) -> Track:
    return Track("vide", "h264", 250, size_bytes, seconds)


@pytest.mark.parametrize(
    ("came", "asked", "again"),
    [(1040, 1.0, None), (300, 1.0, None), (1250, 1.0, 0.8), (1100, 1.1, None), (1375, 1.1, 0.88), (9000, 1.0, 0.4)],
)
def test_what_is_over_is_asked_for_at_less(came: float, asked: float, again: float | None) -> None:
    less = lowered(output(share=asked), output(share=asked), written(came))
    assert (less and less.video and less.video.share) == (again and pytest.approx(again))


@pytest.mark.parametrize(("came", "again"), [(1040, None), (1100, 0.727), (9000, 0.4), (790, None)])
def test_a_second_try_goes_by_what_the_first_one_brought(came: float, again: float | None) -> None:
    less = lowered(output(), output(share=0.8), written(came))
    assert (less and less.video and less.video.share) == (again and pytest.approx(again, abs=0.001))


def test_nothing_is_tried_twice() -> None:
    assert lowered(output(), output(share=0.4), written(9000)) is None


def test_the_rest_stays() -> None:
    whole = output(mode="abr", threads=1, gop=50)
    less = lowered(whole, whole, written(1250))
    assert whole.video is not None
    assert less == whole.model_copy(update={"video": whole.video.model_copy(update={"share": 0.8})})


@pytest.mark.parametrize("asked", [{"vcrf": 20}, {"bitrate_kbps": 0}, {"mode": "cbr"}])
def test_other_rate_controls_are_left_alone(asked: dict[str, object]) -> None:
    assert lowered(output(**asked), output(**asked), written(9000)) is None


def test_what_is_short_or_unseen_is_left_alone() -> None:
    assert lowered(output(), output(), written(1250, 4.9)) is None
    assert lowered(output(), output(), Written(10, 10.0, [])) is None
    assert lowered(EncodeOutput(name="a"), EncodeOutput(name="a"), written(1250)) is None


def test_the_nearer_one_is_taken() -> None:
    assert nearer(output(), written(1250), written(980))
    assert not nearer(output(), written(1060), written(900))
    assert not nearer(output(), written(1250), written(1250))
