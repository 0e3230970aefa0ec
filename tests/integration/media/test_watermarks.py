"""Watermarks by the pixels: what a marked rendition has that the same without a mark has not."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from contracts.parameters import SnapshotParameters
from contracts.subtasks import CoverOutput, Snapshot, SnapshotOutput, Subtask, TranscodeOutput
from contracts.watermarks import Mosaic, SvgWatermark, TextWatermark
from services.transcoder.encoders import Tuning
from shared.errors import MediaError
from tests.media import asked as media_asked
from tests.media import clips, marked, truth
from tests.media.asked import rendition
from tests.media.attempt import file_url
from tests.media.flows import Done, run
from tests.media.marked import Box, Gray, grays, mark
from tests.media.sources import make

LOSSLESS = Tuning(preset="ultrafast", lossless=True)
SIZE = (128, 72)


@pytest.fixture(scope="module")
def gray(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pictures of gray, 16:9."""
    path = tmp_path_factory.mktemp("marks") / "gray.mkv"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=gray:s=320x180:r=5:d=0.4", "-c:v", "ffv1"]
    subprocess.run([*argv, f"file:{path}"], check=True)
    return path


def asked(number: int, fps: float = 0, **marks: Any) -> Subtask:
    return rendition(number, fps).model_copy(update=marks)


def shown(done: Done, number: int) -> list[Gray]:
    output = done.rendition(number)
    return grays(output.url, SIZE)


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
    assert all(_near(colors, at, (254, 0, 0)) for at in ((4, 6), (42, 24), (20, 20)))
    assert all(_near(colors, at, (128, 128, 128)) for at in ((0, 6), (46, 6), (127, 0)))


def _near(colors: Image.Image, at: tuple[int, int], wanted: tuple[int, int, int]) -> bool:
    found = colors.getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(a - b) <= 4 for a, b in zip(found, wanted, strict=True))


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
    assert all(_near(colors, at, (128, 128, 128)) for at in ((10, 10), (14, 10), (50, 30)))
    assert _near(colors, (30, 18), (254, 0, 0))


ON, OFF = 1.2, 3.4


def _clocked(directory: Path) -> dict[str, Any]:
    """Marks of every sort with times of their own, each in a place of its own."""
    square = {"width": "16px", "height": "16px"}
    ticking = marked.animation(directory / "ticking.gif", [255, 0, 128], 120)
    uneven = marked.animation(directory / "uneven.webp", [0, 255, 60, 200], [50, 170, 90, 330])
    return {
        "watermarks": [
            mark(
                marked.image(directory / "still.png"),
                **square,
                start_time_offset_s=ON,
                end_time_offset_s=OFF,
            ),
            mark(ticking, **square, x_pos="20px", start_time_offset_s=0.5),
            mark(uneven, **square, x_pos="40px"),
            mark(ticking, **square, x_pos="60px", start_time_offset_s=1, repeat_type="once"),
            mark(ticking, **square, x_pos="80px", start_time_offset_s=1, repeat_type="repeat_last_frame"),
        ],
        "mosaics": [Mosaic(y_pos="40px", width="32px", height="32px", start_time_offset_s=-3, end_time_offset_s=-1)],
    }


def _square(number: int) -> Box:
    return 20 * number, 0, 20 * number + 16, 16


@pytest.mark.parametrize("name", ["ntsc.mov", "vfr.mp4", "offset.ts"])
async def test_a_cut_changes_nothing_and_times_are_exact(name: str, tmp_path: Path) -> None:
    source = make(name, tmp_path)
    marks = _clocked(tmp_path)
    subtasks = [asked(1), asked(2, **marks), asked(3, 25), asked(4, 25, **marks)]
    whole = await run(source, tmp_path / "whole", subtasks, tuning=LOSSLESS)
    cut = await run(source, tmp_path / "cut", subtasks, chunks=3, tuning=LOSSLESS)
    assert not whole.failed and not cut.failed and not cut.inexact
    for number in (1, 2, 3, 4):
        results = [done.outputs[f"transcode-{number}"] for done in (whole, cut)]
        one, three = results
        assert isinstance(one, TranscodeOutput) and isinstance(three, TranscodeOutput)
        assert one.chunks == 1 and three.chunks >= 2
        frames = [truth.frames(marked.path_of(result.url), "v:0", "null") for result in (one, three)]
        assert [f.digest for f in frames[0]] == [f.digest for f in frames[1]]
        assert all(abs(a.time_s - b.time_s) < 0.001 for a, b in zip(*frames, strict=True))
        if number in (2, 4):
            _check_times(whole, number, [frame.time_s for frame in frames[0]], one.duration_s)


def _check_times(done: Done, number: int, times_s: list[float], length_s: float) -> None:
    """Each mark is on show from the first picture not before its time to the last before its end."""
    pictures, plain = shown(done, number), shown(done, number - 1)
    assert len(pictures) == len(plain) == len(times_s)
    for picture, before, time_s in zip(pictures, plain, times_s, strict=True):
        t = time_s + 1e-4

        def seen(box: Box, picture: Gray = picture, before: Gray = before) -> int | None:
            """The gray of a square that has one value, None where the picture is as it was."""
            values = set(picture.part(box))
            return values.pop() if len(values) == 1 else None if picture.part(box) == before.part(box) else -1

        assert seen(_square(0)) == (235 if ON <= t < OFF else None), time_s
        ticks = int((t - 0.5) / 0.12)
        assert seen(_square(1)) == ((235, 16, 126)[ticks % 3] if t >= 0.5 else None), time_s
        assert seen(_square(2)) == _uneven(t % 0.64), time_s
        since = int((t - 1) / 0.12)
        once = (235, 16, 126)[since] if t >= 1 and since < 3 else None
        assert seen(_square(3)) == once, time_s
        assert seen(_square(4)) == ((235, 16, 126)[min(since, 2)] if t >= 1 else None), time_s


def _uneven(t: float) -> int:
    return 16 if t < 0.05 else 235 if t < 0.22 else 68 if t < 0.31 else 188


async def test_a_mosaic_changes_its_region_and_nothing_else(tmp_path: Path) -> None:
    source = make("ntsc.mov", tmp_path)
    mosaic = Mosaic(x_pos="25%", y_pos="25%", width="50%", height="40px")
    done = await run(source, tmp_path / "w", [asked(1), asked(2, mosaics=[mosaic])], tuning=LOSSLESS)
    plain, pictures = shown(done, 1), shown(done, 2)
    box = (32, 18, 96, 58)
    for picture, before in zip(pictures[::20], plain[::20], strict=True):
        left, top, right, bottom = picture.changed(before) or (0, 0, 0, 0)
        assert left >= box[0] and top >= box[1] and right <= box[2] and bottom <= box[3]
        assert right - left > 48 and bottom - top > 30
        blocks = [set(picture.part((x, y, x + 8, y + 8))) for x in range(32, 96, 8) for y in range(18, 58, 8)]
        assert all(len(block) == 1 for block in blocks)
        mean = [sum(one.part((32, 18, 40, 26))) / 64 for one in (picture, before)]
        assert abs(mean[0] - mean[1]) < 3


LETTERS = {"font_size": "24px", "font_color": "0xFF0000", "x_pos": "10px", "y_pos": "20px"}


async def test_text_and_drawings_show(gray: Path, tmp_path: Path) -> None:
    """Ink of the asked colour where the line is; Chinese too, and different letters differ; SVG in every unit."""
    square = tmp_path / "square.svg"
    square.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1h-2z" fill="#fff"/></svg>'
    )
    half = tmp_path / "half.svg"
    half.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
        '<rect width="40" height="20" fill="#fff" fill-opacity="0.5"/></svg>'
    )
    texts = [("Hamburg", "arial.ttf"), ("水印测试", "simkai.ttf"), ("水印試测", "simkai.ttf"), ("A\nB", "arial.ttf")]
    sizes = [("10W%", "0px", 12.8), ("50H%", "0px", 36), ("0px", "50S%", 72), ("25L%", "0px", 32), ("40px", "0px", 40)]
    subtasks = [
        asked(n, watermarks=[TextWatermark.model_validate({**LETTERS, "content": text, "font_type": font})])
        for n, (text, font) in enumerate(texts, 1)
    ]
    subtasks += [
        asked(n, watermarks=[SvgWatermark(url=file_url(square), width=width, height=height)])
        for n, (width, height, _) in enumerate(sizes, 10)
    ]
    subtasks += [asked(20, watermarks=[SvgWatermark(url=file_url(half), width="40px")]), asked(30)]
    done = await run(gray, tmp_path, subtasks, tuning=LOSSLESS)
    assert not done.failed
    plain = shown(done, 30)[0]
    written = [shown(done, n)[0] for n in (1, 2, 3, 4)]
    boxes = [picture.changed(plain, 20) for picture in written]
    for box, (text, _) in zip(boxes, texts, strict=True):
        assert box is not None
        assert 9 <= box[0] <= 14 and 20 <= box[1] <= 28, (text, box)
    heights = [box[3] - box[1] for box in boxes if box]
    widths = [box[2] - box[0] for box in boxes if box]
    assert 80 <= widths[0] <= 110 and 86 <= widths[1] <= 97 and 15 <= heights[1] <= 25
    assert heights[3] > 40 and widths[3] < 20
    assert written[1].rows != written[2].rows
    output = done.rendition()
    raw = marked.colors(output.url, SIZE).tobytes()
    reds = [n for n in range(0, len(raw), 3) if raw[n] > 220 and raw[n + 1] < 60]
    assert len(reds) > 40
    for number, (_, _, width) in enumerate(sizes, 10):
        found = shown(done, number)[0].changed(plain, 40)
        assert found is not None and found[:2] == (0, 0)
        assert abs(found[2] - width) <= 1 and abs(found[3] - width / 2) <= 1, (sizes[number - 10], found)
    base = plain.at(0, 0)
    assert abs(shown(done, 20)[0].at(20, 10) - (base + (235 - base) / 2)) <= 2


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
    cover, shots = done.outputs["cover_by_snapshot-1"], done.outputs["snapshot_by_time_offset-1"]
    assert isinstance(cover, CoverOutput) and isinstance(shots, SnapshotOutput)
    assert cover.height > cover.width == 64
    for output, there in ((cover, True), (shots.pictures[0], False), (shots.pictures[1], True)):
        colors = marked.colors(output.url, (output.width, output.height))
        darkest = min(colors.crop((6, 4, 38, 24)).tobytes())
        assert (darkest >= 250) is there, darkest


async def test_an_svg_reaches_nothing_outside(gray: Path, tmp_path: Path) -> None:
    marked.image(tmp_path / "canary.png", (40, 20), (255, 0, 0, 255))
    asked_of: list[bytes] = []

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked_of.append(await reader.read(1))
        writer.close()

    server = await asyncio.start_server(heard, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    places = [
        f"http://127.0.0.1:{port}/a.png",
        (tmp_path / "canary.png").as_uri(),
        str(tmp_path / "canary.png"),
        "canary.png",
    ]
    drawing = tmp_path / "nosy.svg"
    pictures = "".join(f'<image width="40" height="20" href="{one}" xlink:href="{one}"/>' for one in places)
    head = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20"'
    drawing.write_text(f'<svg {head}><rect width="8" height="20" fill="#fff"/>{pictures}</svg>')
    entity = tmp_path / "entity.svg"
    entity.write_text(
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{(tmp_path / "canary.png").as_uri()}">]>'
        f'<svg {head}><text y="9">&x;</text></svg>'
    )
    subtasks = [asked(1), asked(2, watermarks=[SvgWatermark(url=file_url(drawing), width="40px")])]
    done = await run(gray, tmp_path / "w", subtasks, tuning=LOSSLESS)
    with pytest.raises(MediaError) as refused:
        broken = asked(1, watermarks=[SvgWatermark(url=file_url(entity))])
        await run(gray, tmp_path / "broken", [broken], tuning=LOSSLESS)
    server.close()
    await server.wait_closed()
    assert refused.value.code == "InvalidInput.ConfigurationUnsupported"
    assert asked_of == []
    assert shown(done, 2)[0].changed(shown(done, 1)[0]) == (0, 0, 8, 20)
    output = done.rendition(2)
    assert _near(marked.colors(output.url, SIZE), (20, 10), (128, 128, 128))
