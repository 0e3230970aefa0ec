"""Turned and mirrored as the container's matrix says, once, in every kind of result; any size; any shape of pixels."""

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from contracts.subtasks import CoverOutput, Subtask
from services.transcoder.encoders import Tuning
from tests.media import asked, truth
from tests.media.attempt import existing
from tests.media.flows import run
from tests.media.shaped import MATRICES, corners, sized, turned

FAST = Tuning(preset="ultrafast")
SHOWN = {
    "hflip": "grwb",
    "vflip": "bwrg",
    "transpose": "rbgw",
    "transverse": "wgbr",
    "quarter": "brwg",
    "half": "wbgr",
    "three_quarters": "gwrb",
    "tilted": "rgbw",
}
"""What a player shows, row by row; nobody shows the corners of a tilted picture, so it stays as it is."""


@pytest.mark.parametrize("name", MATRICES)
async def test_turned_and_mirrored(name: str, tmp_path: Path) -> None:
    source = turned(name, tmp_path)
    wanted: list[Subtask] = [
        asked.rendition(1, 25),
        asked.samples(50),
        asked.sprite(1),
        asked.animation("gif"),
        asked.cover(0),
    ]
    done = await run(source, tmp_path / "work", wanted, chunks=2, tuning=FAST)
    assert not done.failed and not done.inexact
    assert done.media.video is not None and done.media.video.tilted is (name == "tilted")
    for output in done.outputs.values():
        told = output.model_dump()
        urls = told.get("sheet_urls") or [told["url"] if "url" in told else told["pictures"][0]["url"]]
        first_tile = "crop=64:36:0:0,crop=iw:ih" if told.get("sheet_urls") else "null"
        inside = "crop=48:36" if told.get("sheet_urls") and SHOWN[name] not in _UPRIGHT else "null"
        inside = "crop=27:36" if told.get("sheet_urls") and SHOWN[name] in _UPRIGHT else inside
        assert corners(existing(urls[0]), f"{first_tile},{inside}") == SHOWN[name]
    made = existing(done.rendition().url)
    if name != "tilted":
        assert not _side_data(made)


_UPRIGHT = {SHOWN[name] for name in ("transpose", "transverse", "quarter", "three_quarters")}


def _side_data(path: Path) -> str:
    argv = ["ffprobe", "-v", "error", "-show_entries", "stream_side_data=rotation", "-of", "csv=p=0", str(path)]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("width", "height", "aspect"),
    [
        (1, 1, "1"),
        (2, 2, "1"),
        (3, 5, "1"),
        (16, 16, "1"),
        (8192, 16, "1"),
        (16, 4000, "1"),
        (64, 48, "16/11"),
        (63, 47, "8/9"),
    ],
)
async def test_any_size(width: int, height: int, aspect: str, tmp_path: Path) -> None:
    source = sized(width, height, aspect, tmp_path)
    shape = Fraction(width, height) * Fraction(aspect)
    size = asked.rendition(1).parameters.video.model_copy(update={"width": 0})
    own = asked.rendition(1)
    own = own.model_copy(update={"parameters": own.parameters.model_copy(update={"video": size})})
    done = await run(source, tmp_path / "work", [own, asked.samples(50), asked.cover()], tuning=FAST)
    assert not done.failed
    output = done.rendition()
    assert output.video is not None
    made = (output.video.width, output.video.height)
    assert output.video.frames == 5 and made == truth.size(existing(output.url))
    assert all(side % 2 == 0 for side in made)
    assert min(abs(made[0] - made[1] * shape), abs(made[1] - made[0] / shape)) <= 2 or 2 in made
    cover = done.result("cover_by_snapshot-1", CoverOutput)
    assert truth.size(existing(cover.url)) == (cover.width, cover.height)
