"""What a source's colours and fields mean, told or not."""

import pytest

from contracts.colours import SDR, Colours
from services.planner.opened import colours, interlaced, neighbours, opened, sdr
from tests.media.made_up import picture

PAL = Colours(matrix="bt470bg", transfer="smpte170m", primaries="bt470bg")
NTSC = Colours(matrix="smpte170m", transfer="smpte170m", primaries="smpte170m")


@pytest.mark.parametrize(
    ("size", "told", "expected"),
    [
        ((1920, 1080), {}, SDR),
        ((1280, 536), {}, SDR),
        ((720, 576), {}, PAL),
        ((640, 480), {}, NTSC),
        ((640, 480), {"color_space": "bt709"}, SDR),
        ((640, 480), {"color_transfer": "gamma22"}, NTSC.model_copy(update={"transfer": "bt470m"})),
        ((1920, 1080), {"color_space": "reserved; color=red"}, SDR),
        ((1920, 1080), {"color_range": "pc"}, SDR.model_copy(update={"full": True})),
        ((1920, 1080), {"pixel_format": "yuvj420p"}, SDR.model_copy(update={"full": True})),
        ((640, 480), {"pixel_format": "gbrp", "color_range": "pc"}, SDR.model_copy(update={"matrix": "gbr"})),
        (
            (640, 480),
            {"color_transfer": "smpte2084"},
            Colours(matrix="bt2020nc", transfer="smpte2084", primaries="bt2020"),
        ),
    ],
)
def test_colours(size: tuple[int, int], told: dict[str, str], expected: Colours) -> None:
    assert colours(picture(*size).model_copy(update=told)) == expected


def test_results_are_ordinary() -> None:
    small, large = picture(640, 480), picture()
    assert sdr(NTSC, small) == NTSC
    assert sdr(SDR.model_copy(update={"full": True}), large) == SDR
    assert sdr(Colours(matrix="gbr", transfer="iec61966-2-1"), small).matrix == "smpte170m"
    for wide in (Colours(transfer="arib-std-b67"), Colours(primaries="smpte432"), Colours(matrix="ycgco")):
        assert sdr(wide, large) == SDR


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"field_order": "tt"}, True),
        ({"field_order": "bt"}, True),
        ({"field_order": "progressive"}, False),
        ({}, False),
        ({"field_order": "tt", "rotation_deg": 90}, False),
    ],
)
def test_fields(told: dict[str, object], expected: bool) -> None:
    video = picture().model_copy(update=told)
    assert interlaced(video) is opened(video).interlaced is expected
    assert neighbours(video) == int(expected)
    assert neighbours(None) == 0
