"""Watermarks and mosaics that a task asks for, made plain. Pure, but for symbolic links of image URLs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from xml.parsers import expat

from contracts import codes
from contracts.parameters import TranscodeParameters
from contracts.streaming_parameters import AdaptiveDynamicStreamingParameters
from contracts.subtasks import Subtask
from contracts.tasks import Tasks
from contracts.watermark_parameters import WatermarkParameters, WatermarkSvg
from contracts.watermark_tasks import WatermarkTask
from contracts.watermarks import ImageWatermark, Marked, Mosaic, SvgWatermark, TextWatermark, Watermark
from shared.errors import RequestError

from .contents import Contents
from .library import Library
from .places import check_place
from .watermark_images import check_images, decoded


def marks(task: Any, parameters: Any, library: Library, contents: Contents, field: str) -> dict[str, Any]:
    """The members of a subtask that tell of its marks, for a task that may have some.

    Raises:
        RequestError: an unknown template, content that does not fit its type, a rendition that can't be drawn on.
    """
    found: dict[str, Any] = {}
    if hasattr(task, "watermarks"):
        on_film = isinstance(parameters, TranscodeParameters | AdaptiveDynamicStreamingParameters)
        found["watermarks"] = [
            _watermark(one, library, contents, f"{field}.watermarks.{number}", on_film=on_film)
            for number, one in enumerate(task.watermarks)
        ]
    if hasattr(task, "mosaics"):
        found["mosaics"] = [Mosaic.model_validate(one.model_dump()) for one in task.mosaics]
    for name, asked in found.items():
        if asked and isinstance(parameters, TranscodeParameters | AdaptiveDynamicStreamingParameters):
            _check_drawable(parameters, f"{field}.{name}")
        for number, mark in enumerate(asked):
            _check_times(mark.start_time_offset_s, mark.end_time_offset_s, f"{field}.{name}.{number}")
    return found


def check_image_places(subtasks: Sequence[Subtask], contents: Contents, roots: Sequence[Path], tasks: Tasks) -> None:
    """Raises RequestError, naming the field, when an image's URL is no place of ours."""
    for subtask in subtasks:
        number = int(subtask.subtask_id.rsplit("-", 1)[-1]) - 1
        for place, mark in enumerate(subtask.watermarks if isinstance(subtask, Marked) else []):
            if isinstance(mark, ImageWatermark) and mark.url not in contents.files:
                field = f"tasks.{subtask.kind}.{number}.watermarks.{place}"
                raw = tasks.of_kind(subtask.kind)[number].watermarks[place].raw
                check_place(mark.url, roots, f"{field}.raw.image.url" if raw else f"{field}.definition")


def _watermark(asked: WatermarkTask, library: Library, contents: Contents, field: str, *, on_film: bool) -> Watermark:
    parameters = _parameters(asked, library, field, on_film=on_film)
    for name, of in (("text_content", "text"), ("svg_content", "svg")):
        if getattr(asked, name) is not None and parameters.type != of:
            text = f"{field}.{name}: does not go with a watermark of type {parameters.type}"
            raise RequestError(text, codes.INVALID_PARAMETER_VALUE, f"{field}.{name}")
    head = {
        "definition": asked.definition,
        "coordinate_origin": parameters.coordinate_origin,
        "x_pos": parameters.x_pos,
        "y_pos": parameters.y_pos,
        "start_time_offset_s": asked.start_time_offset_s,
        "end_time_offset_s": asked.end_time_offset_s,
    }
    if parameters.image:
        content = parameters.image.content
        place = f"{field}.raw.image.content" if asked.raw else f"{field}.definition"
        url = parameters.image.url if content is None else contents.url(decoded(content, place), "image")
        return ImageWatermark(**head, url=str(url), **parameters.image.model_dump(exclude={"content", "url"}))
    if parameters.text:
        return TextWatermark(**head, content=_text(asked, field), **parameters.text.model_dump())
    svg = parameters.svg or WatermarkSvg()
    return SvgWatermark(**head, url=contents.url(_svg(asked, field), "svg"), **svg.model_dump())


def _parameters(asked: WatermarkTask, library: Library, field: str, *, on_film: bool) -> WatermarkParameters:
    if asked.raw is None:
        place = f"{field}.definition"
        parameters = cast(WatermarkParameters, library.template("watermark", asked.definition, place))
    else:
        parameters, place = asked.raw, f"{field}.raw"
        if not on_film:
            raise RequestError(f"{place}: pictures take watermarks by template only", codes.INVALID_PARAMETER, place)
        if parameters.type != "image":
            text = f"{place}.type: raw parameters are of type image only"
            raise RequestError(text, codes.WATERMARK_TYPE, f"{place}.type")
        check_images(parameters, place)
    if not on_film and parameters.type != "image":
        text = f"{place}: a watermark of type {parameters.type}; pictures take those of type image only"
        raise RequestError(text, codes.WATERMARK_TYPE, place)
    return parameters


def _text(asked: WatermarkTask, field: str) -> str:
    if not (asked.text_content or "").strip():
        text = f"{field}.text_content: a watermark of type text needs some"
        raise RequestError(text, codes.WATERMARK_TEXT, f"{field}.text_content")
    return asked.text_content or ""


def _svg(asked: WatermarkTask, field: str) -> bytes:
    """The drawing. Raises RequestError (SvgTemplate) when it is no XML, or something else than a drawing."""
    place = f"{field}.svg_content"
    try:
        raw = (asked.svg_content or "").encode()
        root = _root(raw)
    except (expat.ExpatError, UnicodeError, ValueError) as error:
        raise RequestError(f"{place}: no SVG: {error}", codes.WATERMARK_SVG, place) from error
    if root.rpartition(" ")[2] != "svg":
        raise RequestError(f"{place}: its root is {root}, not svg", codes.WATERMARK_SVG, place)
    return raw


def _root(raw: bytes) -> str:
    """The name of an XML document's root, once all of it is read. Entities from outside are not followed."""
    names: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _attributes: names.append(name) if not names else None
    parser.Parse(raw, True)
    return names[0]


def _check_drawable(parameters: TranscodeParameters | AdaptiveDynamicStreamingParameters, field: str) -> None:
    made = [parameters] if isinstance(parameters, TranscodeParameters) else parameters.streams
    pictured = [one for one in made if not one.remove_video]
    if all(one.video.codec == "copy" for one in pictured):
        what = "is a copy" if pictured else "has no picture"
        text = f"{field}: a rendition that {what} can't be drawn on"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, field)


def _check_times(start_s: float, end_s: float, field: str) -> None:
    if end_s != 0 and (start_s >= 0) == (end_s > 0) and start_s >= end_s:
        place = f"{field}.end_time_offset_s"
        raise RequestError(f"{place}: from {start_s} s to {end_s} s nothing is shown", codes.INVALID_TIME_OFFSET, place)
