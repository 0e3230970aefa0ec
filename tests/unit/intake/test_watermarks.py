"""Watermarks of templates and tasks: what becomes of them, what is stored where, what is refused with which code."""

import base64
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from contracts.flows import FlowAccepted, FlowSubmit
from contracts.subtasks import Transcode
from contracts.watermark_parameters import WatermarkParameters
from contracts.watermarks import ImageWatermark, SvgWatermark, TextWatermark
from services.intake.contents import Contents
from services.intake.library import Library, named_in
from services.intake.parameters import checked
from services.intake.rules import accept
from services.intake.watermark_images import check_images, check_same_type
from shared.errors import RequestError


def image(form: str = "PNG", size: tuple[int, int] = (4, 2)) -> str:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, form)
    return base64.b64encode(out.getvalue()).decode()


LETTERS = {"font_type": "arial.ttf", "font_size": "5%"}
TEXT = {"type": "text", "text": LETTERS}
LIBRARY = Library(
    {
        ("watermark", 1): {"type": "image", "x_pos": "10px", "image": {"content": image()}},
        ("watermark", 2): TEXT,
        ("watermark", 3): {"type": "svg"},
        ("watermark", 4): {"type": "image", "image": {"url": "file:///etc/passwd"}},
    }
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>'
TRANSCODE = {"definition": 100010}


def submitted(tasks: dict[str, Any], contents: Contents | None = None) -> FlowAccepted:
    command = FlowSubmit.model_validate({"input": {"url": "file:///media/a.mp4"}, "tasks": tasks})
    return accept(command, "0" * 32, [Path("/media")], datetime(2026, 11, 21, tzinfo=UTC), LIBRARY, contents)


def refused(kind: str, task: dict[str, Any]) -> tuple[str, str | None]:
    contents = Contents("file:///scratch/f")
    with pytest.raises(RequestError) as caught:
        submitted({kind: [task]}, contents)
    return caught.value.code, caught.value.field


def test_content_goes_to_scratch_once_and_the_rest_becomes_plain() -> None:
    contents = Contents("file:///scratch/f")
    marks = [
        {"definition": 1},
        {"definition": 2, "text_content": "a'b:%{pts}"},
        {"definition": 3, "svg_content": SVG},
        {"definition": 0, "raw": {"type": "image", "image": {"content": image(), "width": "40px"}}},
    ]
    found = submitted({"transcode": [{**TRANSCODE, "watermarks": marks, "mosaics": [{}]}] * 2}, contents).subtasks
    assert isinstance(found[0], Transcode) and isinstance(found[1], Transcode)
    first, text, svg, raw = found[0].watermarks
    assert isinstance(first, ImageWatermark) and isinstance(raw, ImageWatermark)
    assert isinstance(text, TextWatermark) and isinstance(svg, SvgWatermark)
    assert (first.x_pos, first.width, raw.width, text.content) == ("10px", "10%", "40px", "a'b:%{pts}")
    assert first.url == raw.url and found[1].watermarks == found[0].watermarks
    assert contents.files == {first.url: base64.b64decode(image()), svg.url: SVG.encode()}
    assert first.url.startswith("file:///scratch/f/image-")
    assert (found[0].mosaics[0].width, found[0].mosaics[0].x_pos) == ("10%", "0px")


def test_templates_of_watermarks_are_loaded() -> None:
    asked = FlowSubmit.model_validate(
        {
            "input": {"url": "file:///media/a.mp4"},
            "tasks": {"transcode": [{**TRANSCODE, "watermarks": [{"definition": 7}]}]},
        }
    )
    assert asked.tasks is not None and named_in([asked.tasks]) == {("watermark", 7)}


RAW_TEXT = {"definition": 0, "raw": TEXT, "text_content": "x"}
COPY = {"definition": 875}


@pytest.mark.parametrize(
    ("kind", "task", "mark", "code", "field"),
    [
        ("transcode", TRANSCODE, {"definition": 9}, "ResourceNotFound.TemplateNotExist", "watermarks.0.definition"),
        ("transcode", TRANSCODE, {"definition": 2}, "InvalidParameterValue.TextTemplate", "watermarks.0.text_content"),
        (
            "transcode",
            TRANSCODE,
            {"definition": 1, "text_content": "x"},
            "InvalidParameterValue",
            "watermarks.0.text_content",
        ),
        (
            "transcode",
            TRANSCODE,
            {"definition": 3, "svg_content": "<svg>"},
            "InvalidParameterValue.SvgTemplate",
            "watermarks.0.svg_content",
        ),
        (
            "transcode",
            TRANSCODE,
            {"definition": 3, "svg_content": "<a/>"},
            "InvalidParameterValue.SvgTemplate",
            "watermarks.0.svg_content",
        ),
        ("transcode", TRANSCODE, RAW_TEXT, "InvalidParameterValue.Type", "watermarks.0.raw.type"),
        ("transcode", TRANSCODE, {"definition": 4}, "UnauthorizedOperation", "watermarks.0.definition"),
        ("transcode", COPY, {"definition": 1}, "InvalidParameterValue", "watermarks"),
        (
            "transcode",
            TRANSCODE,
            {"definition": 1, "start_time_offset_s": 3, "end_time_offset_s": 2},
            "InvalidInput.InvalidTimeOffset",
            "watermarks.0.end_time_offset_s",
        ),
        (
            "sampled_snapshot",
            {},
            {"definition": 2, "text_content": "x"},
            "InvalidParameterValue.Type",
            "watermarks.0.definition",
        ),
        (
            "cover_by_snapshot",
            {"position_type": "percent", "position_value": 5},
            {"definition": 0, "raw": {"type": "image", "image": {"content": image()}}},
            "InvalidParameter",
            "watermarks.0.raw",
        ),
    ],
)
def test_what_can_t_be_drawn_is_refused(kind: str, task: dict[str, Any], mark: Any, code: str, field: str) -> None:
    assert refused(kind, {**task, "watermarks": [mark]}) == (code, f"tasks.{kind}.0.{field}")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("???", "InvalidParameterValue.ImageContent"),
        (base64.b64encode(b"x" * 200_001).decode(), "InvalidParameterValue.ImageContent"),
        (image("BMP"), "InvalidParameterValue.ImageDecodeError"),
        (image()[:-40] + "AAAA" * 10, "InvalidParameterValue.ImageDecodeError"),
        (image(size=(8000, 7000)), "InvalidParameterValue.ImageContent"),
    ],
)
def test_an_image_must_be_one(content: str, code: str) -> None:
    with pytest.raises(RequestError) as caught:
        check_images(WatermarkParameters.model_validate({"type": "image", "image": {"content": content}}), "parameters")
    assert (caught.value.code, caught.value.field) == (code, "parameters.image.content")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_images_of_four_formats_will_do(form: str) -> None:
    check_images(WatermarkParameters.model_validate({"type": "image", "image": {"content": image(form)}}), "parameters")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"x_pos": "101%"}, "x_pos"),
        ({"y_pos": "9000px"}, "y_pos"),
        ({"image": {"content": "a", "width": "7px"}}, "image.width"),
        ({"image": {"content": "a", "transparency": 101}}, "image.transparency"),
        ({"image": {"content": "a", "repeat_type": "twice"}}, "image.repeat_type"),
        ({"coordinate_origin": "middle"}, "coordinate_origin"),
        ({"type": "text", "image": None, "text": {**LETTERS, "font_color": "red"}}, "text.font_color"),
        ({"type": "text", "image": None, "text": {**LETTERS, "font_alpha": 0}}, "text.font_alpha"),
        ({"type": "svg", "image": None, "svg": {"width": "10X%"}}, "svg.width"),
    ],
)
def test_parameters_have_ranges(change: dict[str, Any], field: str) -> None:
    with pytest.raises(RequestError) as caught:
        checked(WatermarkParameters, {"type": "image", "image": {"content": "a"}} | change, "parameters")
    assert caught.value.field == f"parameters.{field}"


def test_a_type_stays() -> None:
    check_same_type(WatermarkParameters, {"type": "text"}, {"x_pos": "1%"})
    with pytest.raises(RequestError) as caught:
        check_same_type(WatermarkParameters, {"type": "text"}, {"type": "svg"})
    assert (caught.value.code, caught.value.field) == ("InvalidParameterValue.Type", "parameters.type")
