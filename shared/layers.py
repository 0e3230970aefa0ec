"""From the marks of a unit to what its filter graph lays over: images fetched, text and drawings drawn, all of it
scaled, coloured and written as raw pictures into the attempt's directory."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import chain
from pathlib import Path

from PIL import Image

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.drawings import Drawing
from contracts.watermark_parameters import RepeatType
from contracts.watermarks import ImageWatermark, Mosaic, SvgWatermark, TextWatermark

from .attempt import Attempt
from .errors import MediaError
from .fonts import font_file
from .image_files import BadImage, Picture, pictures
from .lettering import ink, lettering
from .overlay import CLOCK_HZ, Blocks, Drawn, Layer
from .placing import Box, pixels, placed, sized
from .svg_files import rendered
from .yuva import planes

MOST_FILE_BYTES = 5_000_000
"""Of an image that a URL names."""
MOST_RAW_BYTES = 1_000_000_000
"""Of one animation, scaled, on the worker's disk."""
MOST_PACES = 64
"""How often an animation may change the time that its pictures last: keeps the command line within bounds."""


@dataclass(frozen=True)
class Canvas:
    """What is drawn on: its size in pixels, and whether animations stand still on it."""

    width: int
    height: int
    still: bool = False


async def prepared(
    drawings: Sequence[Drawing], canvas: Canvas, attempt: Attempt, name: str, stall_s: float
) -> list[Drawn]:
    """Everything that can be seen of the marks, in their order; files in the attempt's directory begin with `name`.

    Raises:
        MediaError: CONFIGURATION_UNSUPPORTED: an image or drawing can't be decoded or is too large, no font.
        TransientError: the storage doesn't answer, or the program that draws was killed.
    """
    made = [
        await _one(drawing, canvas, attempt, f"{name}-mark-{number}", stall_s)
        for number, drawing in enumerate(drawings, start=1)
    ]
    return [one for several in made for one in several]


async def _one(drawing: Drawing, canvas: Canvas, attempt: Attempt, name: str, stall_s: float) -> Sequence[Drawn]:
    mark, target = drawing.mark, attempt.directory / f"{name}.yuva"
    if isinstance(mark, Mosaic):
        box = _box(mark, _asked(mark, canvas), canvas).on(canvas.width, canvas.height)
        return [Blocks(drawing, box.even())] if box else []
    make: Callable[[], list[Layer]]
    if isinstance(mark, ImageWatermark):
        make = partial(_image, mark, await attempt.source(mark.url), drawing, canvas, target)
    elif isinstance(mark, TextWatermark):
        make = partial(_text, mark, drawing, canvas, target)
    else:
        source, asked = await attempt.source(mark.url), _asked(mark, canvas)
        drawn = await rendered(source, asked, attempt.directory / f"{name}.png", stall_s)
        make = partial(_svg, mark, drawn, drawing, canvas, target)
    return await asyncio.to_thread(make)


def _asked(mark: ImageWatermark | SvgWatermark | Mosaic, canvas: Canvas) -> tuple[int, int]:
    return (
        pixels(mark.width, canvas.width, canvas.height, along=canvas.width),
        pixels(mark.height, canvas.width, canvas.height, along=canvas.height),
    )


def _box(mark: ImageWatermark | TextWatermark | SvgWatermark | Mosaic, size: tuple[int, int], canvas: Canvas) -> Box:
    x = pixels(mark.x_pos, canvas.width, canvas.height, along=canvas.width)
    y = pixels(mark.y_pos, canvas.width, canvas.height, along=canvas.height)
    return placed(mark.coordinate_origin, x, y, (max(1, size[0]), max(1, size[1])), (canvas.width, canvas.height))


def _image(mark: ImageWatermark, path: Path, drawing: Drawing, canvas: Canvas, target: Path) -> list[Layer]:
    if path.stat().st_size > MOST_FILE_BYTES:
        raise _refused(f"an image of {path.stat().st_size:,} bytes; at most {MOST_FILE_BYTES:,}")
    try:
        found = pictures(path, only_first=canvas.still)
        first = next(found)
        box = _box(mark, sized(*_asked(mark, canvas), *first.image.size), canvas)
        opacity = 1 - mark.transparency / 100
        ends = drawing.end_s is not None or mark.repeat_type != "repeat"
        made = _written(chain([first], found), box, opacity, drawing, canvas, target, ends=ends)
    except BadImage as error:
        raise _refused(f"can't decode the image of a watermark: {error}") from error
    return [layer for one in made for layer in _repeated(one, mark.repeat_type)]


def _repeated(layer: Layer, repeat: RepeatType) -> list[Layer]:
    """An animation that ends after one round, its last picture then by itself where it stays."""
    if layer.pictures == 1 or repeat == "repeat":
        return [layer]
    drawing, over_s = layer.drawing, layer.drawing.zero_s + Fraction(layer.period_us, CLOCK_HZ)
    end_s = over_s if drawing.end_s is None else min(over_s, drawing.end_s)
    once = replace(layer, drawing=drawing.model_copy(update={"end_s": end_s}))
    if repeat == "once":
        return [once]
    last, size = layer.path.with_suffix(".last.yuva"), _raw_bytes(layer.box)
    with layer.path.open("rb") as file:
        file.seek(size * (layer.pictures - 1))
        last.write_bytes(file.read(size * (1 if drawing.end_s is None else 2)))
    return [once, Layer(drawing.model_copy(update={"start_s": over_s}), layer.box, last)]


def _raw_bytes(box: Box) -> int:
    return box.width * box.height * 5 // 2


def _text(mark: TextWatermark, drawing: Drawing, canvas: Canvas, target: Path) -> list[Layer]:
    size_px = max(1, pixels(mark.font_size, canvas.width, canvas.height, along=canvas.height))
    letters = lettering(mark.content, font_file(mark.font_type), size_px)
    box = _box(mark, letters.size, canvas)
    seen = box.on(canvas.width, canvas.height)
    if seen is None:
        return []
    color = int(mark.font_color, 16)
    image = Image.new("RGBA", (seen.width, seen.height), (color >> 16, color >> 8 & 255, color & 255, 0))
    image.putalpha(ink(letters, box, seen))
    return _written([Picture(image, 0)], seen, mark.font_alpha, drawing, canvas, target)


def _svg(mark: SvgWatermark, image: Image.Image, drawing: Drawing, canvas: Canvas, target: Path) -> list[Layer]:
    box = _box(mark, image.size, canvas)
    return _written([Picture(image, 0)], box, 1.0, drawing, canvas, target)


def _written(
    shown: Iterable[Picture],
    box: Box,
    opacity: float,
    drawing: Drawing,
    canvas: Canvas,
    target: Path,
    *,
    ends: bool | None = None,
) -> list[Layer]:
    """The layer of what can be seen of `box`, its pictures on a sheet that covers whole chroma samples.

    `ends`: whether an invisible picture follows; by itself where the drawing has an end.
    """
    seen = box.on(canvas.width, canvas.height)
    if seen is None:
        return []
    sheet = seen.even()
    lasts_us: list[int] = []
    with target.open("wb") as file:
        for picture in shown:
            file.write(planes(_on_sheet(picture.image, box, seen, sheet, opacity), drawing.coding))
            lasts_us.append(picture.lasts_us)
            if file.tell() > MOST_RAW_BYTES:
                raise _refused(f"an animation that is over {MOST_RAW_BYTES:,} bytes at {box.width} x {box.height}")
        if (len(lasts_us) > 1 and ends) or drawing.end_s is not None:
            file.write(bytes(_raw_bytes(sheet)))
    paces = _paces(lasts_us) if len(lasts_us) > 1 else ()
    return [Layer(drawing, sheet, target, len(lasts_us), paces, sum(lasts_us))]


def _on_sheet(image: Image.Image, box: Box, seen: Box, sheet: Box, opacity: float) -> Image.Image:
    across, down = image.width / box.width, image.height / box.height
    left, top = (seen.x - box.x) * across, (seen.y - box.y) * down
    if image.size != (seen.width, seen.height):
        part = (left, top, min(image.width, left + seen.width * across), min(image.height, top + seen.height * down))
        image = image.resize((seen.width, seen.height), Image.Resampling.LANCZOS, box=part)
    if opacity < 1:
        image.putalpha(image.getchannel("A").point([round(n * opacity) for n in range(256)]))
    whole = Image.new("RGBA", (sheet.width, sheet.height))
    whole.paste(image, (seen.x - sheet.x, seen.y - sheet.y))
    return whole


def _paces(lasts_us: Sequence[int]) -> tuple[tuple[int, int, int], ...]:
    """Runs of pictures that last equally long: the number of the first, when it comes, how long each lasts."""
    runs: list[tuple[int, int, int]] = []
    now_us = 0
    for number, lasts in enumerate(lasts_us):
        if not runs or runs[-1][2] != lasts:
            runs.append((number, now_us, lasts))
        now_us += lasts
    if len(runs) > MOST_PACES:
        raise _refused(f"an animation whose pace changes {len(runs)} times; at most {MOST_PACES}")
    return tuple(runs)


def _refused(text: str) -> MediaError:
    return MediaError(text, CONFIGURATION_UNSUPPORTED)
