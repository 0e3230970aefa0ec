"""Results against plans."""

import pytest

from contracts.units import AudioEncode, Cut, EncodeOutput, Framing, Remux, VideoEncode
from services.transcoder.checks import notes
from shared.errors import InexactError, MediaError
from shared.written import Track, Written

FRAMING = Framing(width=2, height=2, scale_width=2, scale_height=2)


def _output(**bounds: object) -> EncodeOutput:
    return EncodeOutput(name="a", video=VideoEncode.model_validate({"framing": FRAMING, **bounds}))


def _made(pictures: int) -> Written:
    return Written(10, 1.0, [Track("vide", "h264", pictures, 5, 1.0)])


def test_as_planned() -> None:
    assert notes(_output(frames_min=3, frames_max=3), _made(3)) == []
    assert notes(_output(), _made(3)) == []


def test_another_number_of_pictures() -> None:
    with pytest.raises(InexactError):
        notes(_output(frames_min=3, frames_max=4), _made(5))
    assert notes(_output(frames_min=4, frames_max=5, inexact="note"), _made(3)) == [
        "the source promises 4 to 5 pictures; 3 could be made"
    ]


def test_nothing_at_all() -> None:
    with pytest.raises(MediaError):
        notes(_output(frames_min=3, inexact="note"), _made(0))
    with pytest.raises(MediaError):
        notes(EncodeOutput(name="a", audio=AudioEncode()), Written(10, 0.0, []))


def test_a_cut_by_copying_is_exact_or_fails() -> None:
    remux = Remux(tracks=[0], frames=4, cut=Cut(clock_hz=12800))
    assert notes(EncodeOutput(name="a", remux=remux), _made(4)) == []
    with pytest.raises(InexactError, match="3 pictures cut out by copying instead of 4"):
        notes(EncodeOutput(name="a", remux=remux), _made(3))
