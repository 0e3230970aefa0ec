"""From picture units to ffmpeg commands: a scan, jumps, and sheets. Pure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.colours import RGB, STILL, WEBP, Colours
from contracts.units import PicturesWork, Shot
from shared.command import argv, local, seek_options, source_options
from shared.frame import framed, picture_options, whole_pictures
from shared.overlay import Drawn, opened, over

from .choice import by_pts, by_time

_ENCODERS: dict[str, dict[str, Any]] = {
    "jpg": {"c:v": "mjpeg", "q:v": 2, "huffman": "optimal"},
    "png": {"c:v": "png"},
    "webp": {"c:v": "libwebp", "quality": 85},
}
_PIXELS = {"jpg": "yuvj420p", "png": "rgb24", "webp": "yuv420p"}
_COLOURS = {"jpg": STILL, "png": RGB, "webp": WEBP}
TILE_PIXELS = "rgb24"
"""Tiles wait uncompressed until all are there."""
MARKED_PIXELS = "yuv420p"
"""Marks are drawn in this format, before the picture gets its file's."""
Marks = Sequence[tuple[Drawn, Any]]
"""Each with its stream."""


def scan(
    work: PicturesWork, source: Path, shots: Sequence[Shot], files: Path, marks: Sequence[Drawn] = ()
) -> list[str]:
    """The argv of one decode that keeps the shots' pictures, in the order of time: `shots` ascend and differ.

    `files` is a numbered pattern, or one file of raw tiles for a sprite; `marks` are drawn on each.
    """
    kept = work.times == "kept"
    options = {
        **source_options(),
        **seek_options(shots[0].seek_s, keep_times=kept),
        **picture_options(work.video),
    }
    if work.method == "keys":
        options["skip_frame:v"] = "nokey"
    film = ffmpeg.input(local(source), **options)
    chosen = by_pts(shots) if kept else by_time([shot.time_s for shot in shots])
    stream = whole_pictures(film[str(work.video.index)], work.video)
    if kept and shots[-1].end is not None:
        stream = stream.filter("trim", end_pts=shots[-1].end)
    stream = stream.filter("select", chosen)
    return argv([_written(stream, work, files, [(mark, opened(mark)) for mark in marks], first_number=0)])


def seek(
    work: PicturesWork, source: Path, shots: Sequence[Shot], files: Sequence[Path], marks: Sequence[Drawn] = ()
) -> list[str]:
    """The argv that jumps to each shot in one process; shots behind the same key picture share a decode."""
    jumps: dict[float | None, list[tuple[Shot, Path]]] = {}
    for shot, path in zip(shots, files, strict=True):
        jumps.setdefault(shot.seek_s, []).append((shot, path))
    outputs = []
    drawn = iter(_copies(marks, len(shots)))
    for seek_s, wanted in jumps.items():
        options = {**source_options(), **seek_options(seek_s, keep_times=True), **picture_options(work.video)}
        film = ffmpeg.input(local(source), **options, threads=1)
        stream = whole_pictures(film[str(work.video.index)], work.video)
        split = stream.filter_multi_output("split", len(wanted)) if len(wanted) > 1 else None
        for number, (shot, path) in enumerate(wanted):
            bounds = {name: n for name, n in (("start_pts", shot.start), ("end_pts", shot.end)) if n is not None}
            branch = stream if split is None else split.stream(number)
            chosen = branch.filter("trim", **bounds) if bounds else branch
            outputs.append(_written(chosen, work, path, next(drawn), frames=1))
    return argv(outputs, "-filter_complex_threads", "1")


def _copies(marks: Sequence[Drawn], count: int) -> list[Marks]:
    """The marks for each of so many pictures: an input is read once."""
    if not marks:
        return [()] * count
    split = [_split(opened(mark), count) for mark in marks]
    return [[(mark, streams[n]) for mark, streams in zip(marks, split, strict=True)] for n in range(count)]


def _split(stream: Any, count: int) -> list[Any]:
    if stream is None or count == 1:
        return [stream] * count
    split = stream.filter_multi_output("split", count)
    return [split.stream(n) for n in range(count)]


def _pictured(stream: Any, work: PicturesWork, marks: Marks, pixels: str, colours: Colours) -> Any:
    source, size = work.video.colours, work.framing
    if not marks:
        return framed(stream, size, pixels, source, colours)
    marked = over(framed(stream, size, MARKED_PIXELS, source, WEBP), marks, MARKED_PIXELS, work.video.time_base)
    same = size.model_copy(update={"scale_width": size.width, "scale_height": size.height})
    return marked if colours == WEBP else framed(marked, same, pixels, source and WEBP, colours)


def _written(
    stream: Any, work: PicturesWork, path: Path, marks: Marks, *, frames: int = 0, first_number: int | None = None
) -> Any:
    raw = work.sheets is not None
    options: dict[str, Any] = {"fps_mode": "passthrough", "map_metadata": -1}
    if frames:
        options |= {"frames:v": frames, "threads": 1}
    if raw:
        tiles = _pictured(stream, work, marks, TILE_PIXELS, RGB)
        return ffmpeg.output(tiles, local(path), **options, **{"c:v": "rawvideo", "f": "rawvideo"})
    options |= {"f": "image2", **_ENCODERS[work.format]}
    options |= {"update": 1} if first_number is None else {"start_number": first_number}
    shown = _pictured(stream, work, marks, _PIXELS[work.format], _COLOURS[work.format])
    return ffmpeg.output(shown, local(path), **options)


def sheets(tiles: Path, work: PicturesWork, pattern: Path) -> list[str]:
    """The argv that lays raw tiles out on sheets; the last one is filled up with black."""
    assert work.sheets is not None
    size = (work.framing.width, work.framing.height)
    raw = ffmpeg.input(local(tiles), f="rawvideo", pixel_format=TILE_PIXELS, video_size=size, framerate=1)
    laid = raw.video.filter("tile", f"{work.sheets.columns}x{work.sheets.rows}").filter("format", _PIXELS[work.format])
    options: dict[str, Any] = {"f": "image2", "start_number": 0, "fps_mode": "passthrough", **_ENCODERS[work.format]}
    return argv([ffmpeg.output(laid, local(pattern), **options)])
