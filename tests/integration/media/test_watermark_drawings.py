"""Watermarks of text and SVG, by the pixels; what an SVG may not do."""

import asyncio
from pathlib import Path

import pytest

from contracts.watermarks import SvgWatermark, TextWatermark
from services.transcoder.encoders import Tuning
from shared.errors import MediaError
from tests.media import marked
from tests.media.attempt import file_url
from tests.media.flows import run
from tests.media.marked import SIZE, asked, gray_clip, near, shown

LOSSLESS = Tuning(preset="ultrafast", lossless=True)


@pytest.fixture(scope="module")
def gray(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gray_clip(tmp_path_factory.mktemp("marks"))


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
    assert near(marked.colors(output.url, SIZE), (20, 10), (128, 128, 128))
