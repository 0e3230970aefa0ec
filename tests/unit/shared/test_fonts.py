"""Fonts of this machine, and of one without them."""

import asyncio
from fractions import Fraction
from pathlib import Path

import pytest

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.drawings import Drawing
from contracts.watermark_parameters import FontType
from contracts.watermarks import TextWatermark
from shared import fonts
from shared.errors import MediaError
from shared.layers import Canvas, prepared
from tests.media.attempt import LocalAttempt

NAMES = list(fonts.FONTS)


@pytest.mark.parametrize("font", NAMES)
def test_where_a_font_is_removed_text_is_refused_with_what_to_install(
    font: FontType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "DIRECTORIES", (tmp_path, tmp_path / "none"))
    mark = TextWatermark(content="x", font_type=font, font_size="12px")
    attempt = LocalAttempt(tmp_path / "unit", tmp_path / "scratch", "t")

    with pytest.raises(MediaError) as caught:
        asyncio.run(prepared([Drawing(mark=mark, zero_s=Fraction(0))], Canvas(64, 36), attempt, "0", 10))

    assert caught.value.code == CONFIGURATION_UNSUPPORTED
    assert font in caught.value.message and f"install {fonts.FONTS[font].package}" in caught.value.message
    assert not list(attempt.directory.iterdir())


def test_the_best_of_those_there_is_taken_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "DIRECTORIES", (tmp_path / "none", tmp_path))
    lesser, best = tmp_path / "a" / "LiberationSans-Regular.ttf", tmp_path / "b" / "c" / "arial.ttf"
    for path in (lesser, best):
        path.parent.mkdir(parents=True)
        path.touch()
    assert fonts.font_file("arial.ttf") == best
    best.unlink()
    assert fonts.font_file("arial.ttf") == lesser
    assert fonts.find("simkai.ttf") is None
