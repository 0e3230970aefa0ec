"""Marks in a filter graph: images with alpha over the picture, regions of it made of blocks. Pure.

Everything drawn comes as raw pictures in files that the worker has made, of their final size: no text and no name
of a user's gets near the graph. Each file's time stamps are made anew, so that nothing depends on where reading
begins; the picture's own are left as they are, and are the same in a chunk as in the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.drawings import Drawing

from .command import local
from .placing import Box

CLOCK_HZ = 1_000_000
"""Time base of marks."""
TOLERANCE_S = Fraction(2, 1_000_000)
"""Times are told in microseconds: a picture that comes so little before a mark's time has it."""
MARK_PIXELS = "yuva420p"
_BLENDED = {"yuv420p": "yuv420", "yuv420p10le": "yuv420p10"}
"""overlay's name of the pixel format that it blends in."""
BLOCKS = 8
"""A mosaic's shorter side has so many blocks at most."""
LEAST_BLOCK = 8


@dataclass(frozen=True)
class Layer:
    """A mark ready to be laid over: `path` has raw pictures of the box's size (both even), shown over and over.

    `paces` tell when each is on show: (number of the first picture, its time, the time each lasts), in microseconds
    from the animation's beginning; a still has one picture and none. The file of one whose drawing ends has an
    invisible picture more, which comes at the end.
    """

    drawing: Drawing
    box: Box
    path: Path
    pictures: int = 1
    paces: tuple[tuple[int, int, int], ...] = ()
    period_us: int = 0


@dataclass(frozen=True)
class Blocks:
    """A region to make of blocks."""

    drawing: Drawing
    box: Box


Drawn = Layer | Blocks


def opened(drawn: Drawn, begin_s: Fraction | None = None) -> Any:
    """A layer's input with its times; None for what needs none. `begin_s`: when the first picture comes, if known."""
    if isinstance(drawn, Blocks):
        return None
    raw = ffmpeg.input(
        local(drawn.path),
        f="rawvideo",
        pixel_format=MARK_PIXELS,
        video_size=(drawn.box.width, drawn.box.height),
        framerate=1,
        **_loops(drawn, begin_s),
    )
    return raw.video.filter("settb", f"1/{CLOCK_HZ}").filter("setpts", _times(drawn, begin_s))


def over(stream: Any, drawn: Sequence[tuple[Drawn, Any]], pixels: str, time_base: Fraction) -> Any:
    """The picture, in the format `pixels`, with everything drawn on it; each comes with what `opened` made of it.

    `time_base` is the picture's own, and stays.
    """
    for one, source in drawn:
        if isinstance(one, Blocks):
            two = stream.filter_multi_output("split", 2)
            stream, source = two.stream(0), _blocks(two.stream(1), one)
        stream = ffmpeg.filter([stream, source], "overlay", **_overlay(one, pixels))
    return stream.filter("settb", f"{time_base.numerator}/{time_base.denominator}") if drawn else stream


def _overlay(one: Drawn, pixels: str) -> dict[str, Any]:
    """Never `enable`: with two inputs ffmpeg asks it for the time of whichever it read last.

    The picture alone decides when there is a frame, and when there are no more.
    """
    options: dict[str, Any] = {"x": one.box.x, "y": one.box.y, "format": _BLENDED[pixels]}
    if isinstance(one, Layer) and one.drawing.end_s is not None:
        return options | {"repeatlast": 0}
    return options if isinstance(one, Layer) and one.pictures == 1 else options | {"shortest": 1}


def _us(time_s: Fraction) -> int:
    return round((time_s - TOLERANCE_S) * CLOCK_HZ)


def _first_us(layer: Layer, begin_s: Fraction | None) -> int:
    """When the round begins that is on show at `begin_s`."""
    zero_us = _us(layer.drawing.zero_s)
    rounds = 0 if begin_s is None else max(0, (round(begin_s * CLOCK_HZ) - zero_us) // layer.period_us)
    return zero_us + rounds * layer.period_us


def _loops(layer: Layer, begin_s: Fraction | None) -> dict[str, int]:
    """How often to read an animation's file again: to a round beyond the mark's end, or for ever."""
    if layer.pictures == 1:
        return {}
    if layer.drawing.end_s is None:
        return {"stream_loop": -1}
    left_us = _us(layer.drawing.end_s) - _first_us(layer, begin_s)
    return {"stream_loop": 1 + max(0, left_us) // layer.period_us}


def _times(layer: Layer, begin_s: Fraction | None) -> str:
    """The time stamp of picture N: all that would come after the mark's end come there, an invisible one last."""
    drawing = layer.drawing
    end_us = None if drawing.end_s is None else _us(drawing.end_s)
    if layer.pictures == 1:
        start_us = _EARLY_US if drawing.start_s is None else _us(drawing.start_s)
        return str(start_us) if end_us is None else f"if(N,{end_us},{start_us})"
    in_file = layer.pictures + (end_us is not None)
    time = f"{_first_us(layer, begin_s)}+floor(N/{in_file})*{layer.period_us}+{_pace(f'mod(N,{in_file})', layer.paces)}"
    return time if end_us is None else f"min({time},{end_us})"


_EARLY_US = -(10**12)
"""Before every picture."""


def _pace(number: str, paces: Sequence[tuple[int, int, int]]) -> str:
    """The time of a picture in its round, as a decision tree."""
    if len(paces) == 1:
        first, time_us, lasts_us = paces[0]
        return f"({time_us}+({number}-{first})*{lasts_us})"
    half = len(paces) // 2
    return f"if(lt({number},{paces[half][0]}),{_pace(number, paces[:half])},{_pace(number, paces[half:])})"


def _blocks(stream: Any, blocks: Blocks) -> Any:
    """The region, of blocks while the mark is on show, else as it is."""
    box = blocks.box
    side = max(LEAST_BLOCK, min(box.width, box.height) // BLOCKS & ~1)
    shown = _shown(blocks.drawing)
    timed = {"enable": shown} if shown else {}
    return stream.filter("crop", box.width, box.height, box.x, box.y).filter("pixelize", w=side, h=side, **timed)


def _shown(drawing: Drawing) -> str:
    """When a mark is on show: an expression; "" for always."""
    tests = [f"gte(t,{float(drawing.start_s - TOLERANCE_S):.9f})"] if drawing.start_s is not None else []
    tests += [f"lt(t,{float(drawing.end_s - TOLERANCE_S):.9f})"] if drawing.end_s is not None else []
    return "*".join(tests)
