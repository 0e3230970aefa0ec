"""From picture units to ffmpeg commands: a scan, jumps, and sheets. Pure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.colours import RGB, STILL, WEBP
from contracts.units import PicturesWork, Shot
from shared.command import argv, local, seek_options, source_options
from shared.frame import framed, picture_options, whole_pictures

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


def scan(work: PicturesWork, source: Path, shots: Sequence[Shot], files: Path) -> list[str]:
    """The argv of one decode that keeps the shots' pictures, in the order of time: `shots` ascend and differ.

    `files` is a numbered pattern, or one file of raw tiles for a sprite.
    """
    kept = work.times == "kept"
    options = {
        **source_options(),
        **seek_options(shots[0].seek_s, keep_times=kept),
        **picture_options(work.video),
    }
    if work.method == "keys":
        options["skip_frame:v"] = "nokey"
    opened = ffmpeg.input(local(source), **options)
    chosen = by_pts(shots) if kept else by_time([shot.time_s for shot in shots])
    stream = whole_pictures(opened[str(work.video.index)], work.video)
    if kept and shots[-1].end is not None:
        stream = stream.filter("trim", end_pts=shots[-1].end)
    stream = stream.filter("select", chosen)
    return argv([_written(stream, work, files, first_number=0)])


def seek(work: PicturesWork, source: Path, shots: Sequence[Shot], files: Sequence[Path]) -> list[str]:
    """The argv that jumps to each shot in one process; shots behind the same key picture share a decode."""
    jumps: dict[float | None, list[tuple[Shot, Path]]] = {}
    for shot, path in zip(shots, files, strict=True):
        jumps.setdefault(shot.seek_s, []).append((shot, path))
    outputs = []
    for seek_s, wanted in jumps.items():
        options = {**source_options(), **seek_options(seek_s, keep_times=True), **picture_options(work.video)}
        opened = ffmpeg.input(local(source), **options, threads=1)
        stream = whole_pictures(opened[str(work.video.index)], work.video)
        split = stream.filter_multi_output("split", len(wanted)) if len(wanted) > 1 else None
        for number, (shot, path) in enumerate(wanted):
            bounds = {name: n for name, n in (("start_pts", shot.start), ("end_pts", shot.end)) if n is not None}
            branch = stream if split is None else split.stream(number)
            outputs.append(_written(branch.filter("trim", **bounds) if bounds else branch, work, path, frames=1))
    return argv(outputs, "-filter_complex_threads", "1")


def _written(stream: Any, work: PicturesWork, path: Path, *, frames: int = 0, first_number: int | None = None) -> Any:
    raw = work.sheets is not None
    options: dict[str, Any] = {"fps_mode": "passthrough", "map_metadata": -1}
    if frames:
        options |= {"frames:v": frames, "threads": 1}
    if raw:
        tile = framed(stream, work.framing, TILE_PIXELS, work.video.colours, RGB)
        return ffmpeg.output(tile, local(path), **options, **{"c:v": "rawvideo", "f": "rawvideo"})
    options |= {"f": "image2", **_ENCODERS[work.format]}
    options |= {"update": 1} if first_number is None else {"start_number": first_number}
    shown = framed(stream, work.framing, _PIXELS[work.format], work.video.colours, _COLOURS[work.format])
    return ffmpeg.output(shown, local(path), **options)


def sheets(tiles: Path, work: PicturesWork, pattern: Path) -> list[str]:
    """The argv that lays raw tiles out on sheets; the last one is filled up with black."""
    assert work.sheets is not None
    size = (work.framing.width, work.framing.height)
    raw = ffmpeg.input(local(tiles), f="rawvideo", pixel_format=TILE_PIXELS, video_size=size, framerate=1)
    laid = raw.video.filter("tile", f"{work.sheets.columns}x{work.sheets.rows}").filter("format", _PIXELS[work.format])
    options: dict[str, Any] = {"f": "image2", "start_number": 0, "fps_mode": "passthrough", **_ENCODERS[work.format]}
    return argv([ffmpeg.output(laid, local(pattern), **options)])
