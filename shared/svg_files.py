"""SVG drawings to images: ffmpeg's librsvg decoder does it. It is given data, no place that anything could be relative
to, so that it follows no reference but those within the drawing."""

import asyncio
from pathlib import Path

from PIL import Image

from contracts.codes import CONFIGURATION_UNSUPPORTED

from .command import local
from .errors import MediaError, TransientError
from .failure import explained
from .process import run

MOST_PIXELS = 33_600_000


def svg_argv(source: Path, size: tuple[int, int], target: Path) -> list[str]:
    """The command that draws at a size; a side of 0 follows the other, both 0: as the drawing says."""
    width, height = size
    return [
        *("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-protocol_whitelist", "file"),
        *("-format_whitelist", "svg_pipe", "-f", "svg_pipe", "-max_pixels", str(MOST_PIXELS)),
        *("-width", str(width), "-height", str(height), "-i", local(source)),
        *("-frames:v", "1", "-c:v", "png", "-pix_fmt", "rgba", "-f", "image2", "-update", "1", local(target), "-y"),
    ]


async def rendered(source: Path, size: tuple[int, int], target: Path, stall_s: float) -> Image.Image:
    """The drawing as RGBA. Raises MediaError (CONFIGURATION_UNSUPPORTED) when it can't be drawn, TransientError."""
    ended = await run(svg_argv(source, size, target), _ignored, stall_s=stall_s)
    if ended.code != 0 or not await asyncio.to_thread(target.is_file):
        error = explained(ended.code, ended.errors)
        if ended.code < 0:
            raise TransientError(error.message)
        said = ended.errors[0].split("] ")[-1] if ended.errors else error.message
        raise MediaError(f"can't draw the SVG of a watermark: {said}", CONFIGURATION_UNSUPPORTED)
    return await asyncio.to_thread(_read, target)


def _ignored(_piece: bytes) -> None:
    return None


def _read(path: Path) -> Image.Image:
    """Its colours come multiplied by alpha; they are divided again."""
    with Image.open(path, formats=("PNG",)) as image:
        multiplied = image.convert("RGBA")
    return Image.frombytes("RGBa", multiplied.size, multiplied.tobytes()).convert("RGBA")
