"""Watermarks by the pixels: what a marked rendition has that the same without a mark has not."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from contracts.parameters import SnapshotParameters
from contracts.subtasks import CoverOutput, Snapshot, SnapshotOutput
from services.transcoder.encoders import Tuning
from tests.media import asked as media_asked
from tests.media import clips, marked
from tests.media.flows import run
from tests.media.marked import SIZE, Box, asked, gray_clip, mark, near, shown

LOSSLESS = Tuning(preset="ultrafast", lossless=True)


@pytest.fixture(scope="module")
def gray(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gray_clip(tmp_path_factory.mktemp("marks"))


PLACES: list[tuple[dict[str, Any], Box]] = [
    ({"x_pos": "3px", "y_pos": "5px", "width": "41px", "height": "20px"}, (3, 5, 44, 25)),
    ({"x_pos": "3px", "y_pos": "5px", "width": "41px", "coordinate_origin": "top_right"}, (84, 5, 125, 26)),
    ({"x_pos": "10%", "y_pos": "25%", "width": "25%", "coordinate_origin": "bottom_left"}, (13, 38, 45, 54)),
    ({"y_pos": "8px", "height": "50%", "coordinate_origin": "bottom_right", "width": "0px"}, (56, 28, 128, 64)),
    ({"x_pos": "90%", "y_pos": "90%", "width": "0px", "height": "0px"}, (115, 65, 128, 72)),
    ({"x_pos": "0px", "y_pos": "0px", "width": "100%", "height": "100%"}, (0, 0, 128, 72)),
]


async def test_place_and_size(gray: Path, tmp_path: Path) -> None:
    """From each corner, in pixels and percent, ratio kept, cut off at the edge; chroma follows."""
    white = marked.image(tmp_path / "white.png")
    subtasks = [asked(n, watermarks=[mark(white, **place)]) for n, (place, _) in enumerate(PLACES, 2)]
    red = mark(marked.image(tmp_path / "red.png", (40, 20), (255, 0, 0, 255)), x_pos="3px", y_pos="5px", width="41px")
    outside = mark(white, x_pos="100%")
    done = await run(gray, tmp_path, [asked(1), *subtasks, asked(9, watermarks=[red, outside])], tuning=LOSSLESS)
    assert not done.failed and not done.inexact
    plain = shown(done, 1)
    for number, (place, box) in enumerate(PLACES, 2):
        pictures = shown(done, number)
        assert len(pictures) == len(plain) == 2
        for picture, before in zip(pictures, plain, strict=True):
            assert picture.changed(before) == box, place
            assert set(picture.part(box)) == {235}, place
    output = done.rendition(9)
    colors = marked.colors(output.url, SIZE)
    assert all(near(colors, at, (254, 0, 0)) for at in ((4, 6), (42, 24), (20, 20)))
    assert all(near(colors, at, (128, 128, 128)) for at in ((0, 6), (46, 6), (127, 0)))


async def test_alpha(gray: Path, tmp_path: Path) -> None:
    """The image's own alpha, transparency and both; what is transparent leaves no colour."""
    half = marked.image(tmp_path / "half.png", (40, 20), (255, 255, 255, 128))
    hole = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    hole.paste((255, 0, 0, 255), (10, 5, 30, 15))
    hole.save(tmp_path / "hole.png")
    place = {"x_pos": "8px", "y_pos": "8px", "width": "40px"}
    marks = [
        mark(half, **place),
        mark(marked.image(tmp_path / "full.png"), **place, transparency=75),
        mark(half, **place, transparency=100),
        mark(tmp_path / "hole.png", **place),
    ]
    done = await run(gray, tmp_path, [asked(n, watermarks=[one]) for n, one in enumerate(marks, 1)], tuning=LOSSLESS)
    base = shown(done, 3)[0].at(0, 0)
    assert set(shown(done, 3)[0].rows) == {base}
    assert abs(shown(done, 1)[0].at(20, 15) - round(base + (235 - base) * 128 / 255)) <= 1
    assert abs(shown(done, 2)[0].at(20, 15) - round(base + (235 - base) * 0.25)) <= 1
    output = done.rendition(4)
    colors = marked.colors(output.url, SIZE)
    assert all(near(colors, at, (128, 128, 128)) for at in ((10, 10), (14, 10), (50, 30)))
    assert near(colors, (30, 18), (254, 0, 0))


ON, OFF = 1.2, 3.4


async def test_pictures_are_marked_upright_and_references_lead_nowhere(tmp_path: Path) -> None:
    """A cover and snapshots of a turned source; an SVG that names a file and a port beside what it draws."""
    source = clips.PORTRAIT
    white = mark(marked.image(tmp_path / "white.png"), x_pos="6px", y_pos="4px", width="50%", height="20px")
    parameters = SnapshotParameters(format="png", width=64, height=0, resolution_adaptive="close")
    still = media_asked.cover().model_copy(update={"parameters": parameters, "watermarks": [white]})
    taken = Snapshot(
        subtask_id="snapshot_by_time_offset-1",
        definition=10,
        parameters=parameters,
        time_offsets=["0s", "1s"],
        watermarks=[white.model_copy(update={"start_time_offset_s": 0.5})],
    )
    done = await run(source, tmp_path / "w", [still, taken], tuning=LOSSLESS)
    cover = done.result("cover_by_snapshot-1", CoverOutput)
    shots = done.result("snapshot_by_time_offset-1", SnapshotOutput)
    assert cover.height > cover.width == 64
    for output, there in ((cover, True), (shots.pictures[0], False), (shots.pictures[1], True)):
        colors = marked.colors(output.url, (output.width, output.height))
        darkest = min(colors.crop((6, 4, 38, 24)).tobytes())
        assert (darkest >= 250) is there, darkest
