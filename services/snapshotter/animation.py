"""From animation units to ffmpeg commands: a palette, a gif that uses it, or a webp. Pure.

A gif takes two passes over the window: ffmpeg would hold every picture in memory to do both in one.
"""

from pathlib import Path
from typing import Any

import ffmpeg

from contracts.colours import RGB, WEBP
from contracts.units import AnimationWork
from shared.command import argv, local, seek_options, source_options
from shared.frame import framed, picture_options, whole_pictures

MOST_COLOURS = 256
_ALL_COLOURS_FROM = 75
_DITHER: dict[str, Any] = {"dither": "bayer", "bayer_scale": 3, "diff_mode": "rectangle"}
"""A fixed pattern: what does not move stays the same from picture to picture, so it costs nothing."""


def palette(work: AnimationWork, source: Path, target: Path) -> list[str]:
    """The argv that finds the colours that suit the whole of a gif best: a picture of 16 x 16."""
    found = _shown(work, source, "bgra").filter("palettegen", max_colors=colours(work.quality))
    return argv([ffmpeg.output(found, local(target), **{"f": "image2", "c:v": "png", "update": 1, "frames:v": 1})])


def gif(work: AnimationWork, source: Path, colours_from: Path, target: Path) -> list[str]:
    """The argv that makes a gif with a palette."""
    chosen = ffmpeg.input(local(colours_from), f="image2", pattern_type="none").video
    drawn = ffmpeg.filter([_shown(work, source, "bgra"), chosen], "paletteuse", **_DITHER)
    return argv([_written(drawn, work, target, {"c:v": "gif", "f": "gif"})])


def webp(work: AnimationWork, source: Path, target: Path) -> list[str]:
    """The argv that makes an animated webp."""
    options = {"c:v": "libwebp_anim", "quality": work.quality, "f": "webp"}
    return argv([_written(_shown(work, source, "yuv420p"), work, target, options)])


def colours(quality: int) -> int:
    """How many colours a gif of a quality has, the transparent one included."""
    return max(4, min(MOST_COLOURS, round(MOST_COLOURS * quality / _ALL_COLOURS_FROM)))


def _shown(work: AnimationWork, source: Path, pixels: str) -> Any:
    """The pictures on show at the window's ticks, moved to 0.

    `round=up` gives a tick the last picture that is not after it, `eof_action=pass` counts every tick that begins
    before the end; `trim` ends the stream behind the window, so that ffmpeg stops reading there.
    """
    kept = work.times == "kept"
    options = {
        **source_options(),
        **seek_options(work.video.seek_s, keep_times=kept),
        **picture_options(work.video),
    }
    stream = whole_pictures(ffmpeg.input(local(source), **options)[str(work.video.index)], work.video)
    if work.zero_pts:
        stream = stream.filter("setpts", f"PTS-({work.zero_pts})")
    stream = stream.filter("fps", f"{work.fps.numerator}/{work.fps.denominator}", round="up", eof_action="pass")
    bounds = {"start_pts": work.start} | ({} if work.end is None else {"end_pts": work.end})
    stream = stream.filter("trim", **bounds)
    if work.start:
        stream = stream.filter("setpts", f"PTS-({work.start})")
    return framed(stream, work.framing, pixels, work.video.colours, WEBP if work.format == "webp" else RGB)


def _written(stream: Any, work: AnimationWork, target: Path, encoder: dict[str, Any]) -> Any:
    """One picture more than there may be tells that there are too many."""
    bound = {"frames:v": work.frames_max + 1}
    return ffmpeg.output(stream, local(target), fps_mode="passthrough", map_metadata=-1, loop=0, **bound, **encoder)
