"""Whether what was put together is what its pieces are."""

from fractions import Fraction

import pytest

from contracts.units import ChunkRef
from services.merger.checks import check_length, check_pictures
from shared.errors import InexactError
from shared.written import Track

CHUNKS = [ChunkRef(unit_id="", name="n", url=f"file:///{n}.mp4", frames=25, duration_s=Fraction(1)) for n in (1, 2)]


def picture(samples: int, seconds: float) -> Track:
    return Track("vide", "h264", samples, 1, seconds)


def test_a_copy_has_as_many_pictures_and_lasts_as_long() -> None:
    check_pictures(CHUNKS, picture(50, 2.0))
    check_length(CHUNKS, picture(50, 2.004))
    with pytest.raises(InexactError, match="49 pictures"):
        check_pictures(CHUNKS, picture(49, 2.0))
    with pytest.raises(InexactError, match=r"2\.040 s of pictures after joining 2\.000 s"):
        check_length(CHUNKS, picture(50, 2.04))
    with pytest.raises(InexactError):
        check_length(CHUNKS, None)
