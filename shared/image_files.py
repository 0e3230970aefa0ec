"""Image files that others made: decoded with bounds, by Pillow."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MOST_PIXELS = 50_000_000
"""Of all pictures of a file together."""
MOST_PICTURES = 500
LEAST_MS = 20
"""What a gif shows for a shorter time is shown for `USUAL_MS`, as browsers do."""
USUAL_MS = 100


class BadImage(Exception):
    """The file is none of the formats, or broken, or too large."""


class TooLarge(BadImage):
    """More pixels or pictures than allowed."""


@dataclass(frozen=True)
class Picture:
    """One picture of a file, upright RGBA, and how long it is shown."""

    image: Image.Image
    lasts_us: int


def pictures(file: Path | BinaryIO, *, only_first: bool = False) -> Iterator[Picture]:
    """The file's pictures, composed. Raises BadImage, at any of them."""
    try:
        with Image.open(file, formats=FORMATS) as image:
            count = 1 if only_first else getattr(image, "n_frames", 1)
            _check(image.size, count)
            for number in range(count):
                image.seek(number)
                upright = ImageOps.exif_transpose(image) if image.format == "JPEG" else image
                yield Picture(upright.convert("RGBA"), _lasts_us(image))
    except BadImage:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, Image.DecompressionBombError) as error:
        raise BadImage(f"{error}") from error


def _check(size: tuple[int, int], count: int) -> None:
    width, height = size
    if count > MOST_PICTURES or width * height * count > MOST_PIXELS:
        text = f"{count} pictures of {width} x {height}; at most {MOST_PICTURES}, of {MOST_PIXELS:,} pixels in all"
        raise TooLarge(text)


def _lasts_us(image: Image.Image) -> int:
    lasts_ms = float(image.info.get("duration") or 0)
    return round((lasts_ms if lasts_ms >= LEAST_MS else USUAL_MS) * 1000)
