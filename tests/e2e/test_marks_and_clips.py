"""Watermarks, mosaics, heads and tails by template, through the running services and by the pixels."""

import subprocess
from typing import Any

import pytest

from contracts.errors import Refused
from contracts.templates import FIRST_CUSTOM_DEFINITION as FIRST
from contracts.templates import TemplateModify, TemplatePut
from tests.e2e import sources
from tests.e2e.desk import Desk, failures, path_of, rendition
from tests.media import moving

SMALL = {"container": "mp4", "remove_audio": True, "video": {"fps": 10, "width": 256, "height": 144}}
BOX = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#f00"/></svg>'
RED = (254, 0, 0)


def blue(desk: Desk) -> str:
    """A second of blue in the storage root; its URL."""
    path = desk.directory / "blue.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    graph = "color=blue:s=320x180:r=10:d=1"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", graph, "-pix_fmt", "yuv420p", f"file:{path}"]
    subprocess.run(argv, check=True)
    return path.as_uri()


async def put(desk: Desk, kind: Any, parameters: dict[str, Any], name: str) -> None:
    """Put a template; its number is the first."""
    view = await desk.client.put_template(TemplatePut(kind=kind, name=name, parameters=parameters))
    assert view.definition == FIRST


def pixel(picture: bytes, x: int, y: int) -> tuple[int, ...]:
    """Of 256 x 144."""
    start = (y * 256 + x) * moving.BYTES
    return tuple(picture[start : start + 3])


def close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """But for what coding costs."""
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


async def test_a_marked_film_between_its_clips(desk: Desk) -> None:
    svg = {"type": "svg", "coordinate_origin": "bottom_right", "svg": {"width": "32px", "height": "32px"}}
    await put(desk, "watermark", svg, "corner")
    clip = blue(desk)
    await put(desk, "head_tail", {"heads": [clip]}, "ident")
    change = TemplateModify(kind="head_tail", definition=FIRST, parameters={"tails": [clip]})
    assert (await desk.client.modify_template(change)).parameters["heads"]

    marks = {"watermarks": [{"definition": FIRST, "svg_content": BOX}], "head_tails": [{"definition": FIRST}]}
    view = await desk.done(sources.SHORT, {"transcode": [{"definition": 0, "raw": SMALL, **marks}]})
    assert view.outcome == "success", failures(view)
    made = rendition(view)
    pictures = moving.pixels(path_of(made.url), "null")
    film = len(pictures) - 20
    assert film > 10 and made.video is not None and made.video.frames == len(pictures)
    for number in (0, 9, len(pictures) - 10, len(pictures) - 1):
        assert close(pixel(pictures[number], 240, 128), (0, 0, 254))
    for number in (10, len(pictures) - 11):
        assert close(pixel(pictures[number], 240, 128), RED)
        assert not close(pixel(pictures[number], 200, 128), RED)

    for kind in ("watermark", "head_tail"):
        await desk.client.delete_template(kind, FIRST)
    with pytest.raises(Refused) as refused:
        await desk.submit(sources.SHORT, {"transcode": [{"definition": 0, "raw": SMALL, **marks}]})
    assert refused.value.code == "ResourceNotFound.TemplateNotExist"


async def test_a_clip_that_is_not_there_fails_only_who_wants_it(desk: Desk) -> None:
    raw = {"heads": [(desk.directory / "none.mp4").as_uri()]}
    plain = {"definition": 0, "raw": SMALL}
    clipped = {**plain, "head_tails": [{"definition": 0, "raw": raw}]}
    view = await desk.done(sources.SHORT, {"transcode": [plain, clipped]})
    assert view.outcome == "partial"
    assert failures(view) == {"transcode-2": "SourceFileError.DownloadNotAccessible"}
