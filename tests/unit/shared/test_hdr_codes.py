"""Watermarks in HDR's numbers, against what BT.2408 tells of white and BT.2100 of brightness."""

import pytest
from PIL import Image

from contracts.colours import Transfer
from shared.hdr_codes import table
from shared.yuva import planes

PQ: Transfer = "smpte2084"
HLG: Transfer = "arib-std-b67"
Rgb = tuple[int, int, int]


def coded(transfer: Transfer, srgb: Rgb) -> Rgb:
    made = Image.new("RGB", (2, 2), srgb).filter(table(transfer)).getpixel((0, 0))
    assert isinstance(made, tuple)
    red, green, blue = made
    return int(red), int(green), int(blue)


@pytest.mark.parametrize(("transfer", "share"), [(PQ, 0.58), (HLG, 0.75)])
def test_white_is_that_of_graphics(transfer: Transfer, share: float) -> None:
    luma, cb, cr = coded(transfer, (255, 255, 255))
    assert abs((luma - 16) / 219 - share) < 0.004 and (cb, cr) == (128, 128)
    assert coded(transfer, (0, 0, 0)) == (16, 128, 128)


@pytest.mark.parametrize(
    ("srgb", "expected"),
    [((188, 188, 188), 0.510), ((137, 137, 137), 0.442)],
    ids=["half the light: 101.5 cd/m2, 51 % of PQ", "a quarter: 50.8 cd/m2"],
)
def test_grays_in_pq(srgb: Rgb, expected: float) -> None:
    luma, cb, cr = coded(PQ, srgb)
    assert abs((luma - 16) / 219 - expected) < 0.006 and (cb, cr) == (128, 128)


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_colours_keep_their_hue_and_grow_with_light(transfer: Transfer) -> None:
    red, green, blue = (coded(transfer, one) for one in ((255, 0, 0), (0, 255, 0), (0, 0, 255)))
    assert red[2] > 140 and red[1] < 128 and blue[1] > 140 and green[1] < 128 and green[2] < 128
    assert green[0] > red[0] > blue[0] > coded(transfer, (0, 0, 0))[0]
    ramp = [coded(transfer, (value, value, value))[0] for value in range(0, 256, 5)]
    assert ramp == sorted(set(ramp))


def test_planes_of_an_image() -> None:
    raw = planes(Image.new("RGBA", (4, 2), (255, 255, 255, 128)), "hlg")
    assert raw == bytes([180] * 8 + [128] * 4 + [128] * 8)
