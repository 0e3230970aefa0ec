"""Marks as tests ask for them, and what they changed of a picture, by the pixels."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from PIL import Image

from contracts.subtasks import Subtask
from contracts.watermarks import ImageWatermark
from tests.media.asked import rendition
from tests.media.attempt import file_url
from tests.media.flows import Done

Color = tuple[int, int, int, int]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom: the last two behind and below it."""
SIZE = (128, 72)
"""Of renditions of sources in 16:9."""


def gray_clip(directory: Path) -> Path:
    """Two pictures of gray, 16:9."""
    path = directory / "gray.mkv"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=gray:s=320x180:r=5:d=0.4", "-c:v", "ffv1"]
    subprocess.run([*argv, f"file:{path}"], check=True)
    return path


def asked(number: int, fps: float = 0, **marks: Any) -> Subtask:
    """A small rendition with marks."""
    return rendition(number, fps).model_copy(update=marks)


def image(path: Path, size: tuple[int, int] = (40, 20), color: Color = (255, 255, 255, 255)) -> Path:
    """An image file of one colour."""
    Image.new("RGBA", size, color).save(path)
    return path


def animation(path: Path, grays: Sequence[int], lasts_ms: int | list[int], size: tuple[int, int] = (16, 16)) -> Path:
    """An animated file, each picture of one gray."""
    first, *others = [Image.new("RGBA", size, (gray, gray, gray, 255)) for gray in grays]
    first.save(path, save_all=True, append_images=others, duration=lasts_ms, loop=0, lossless=True)
    return path


def mark(path: Path, **members: Any) -> ImageWatermark:
    """An image watermark of a file."""
    return ImageWatermark.model_validate({"url": file_url(path), **members})


def path_of(url: str) -> Path:
    """The file that a URL names."""
    return Path(unquote(url.removeprefix("file://")))


@dataclass(frozen=True)
class Gray:
    """The brightness of a picture's pixels."""

    width: int
    height: int
    rows: bytes

    def at(self, x: int, y: int) -> int:
        """One pixel, as it is coded: 16 black, 235 white."""
        return self.rows[y * self.width + x]

    def part(self, box: Box) -> list[int]:
        """All pixels of a box, row by row."""
        left, top, right, bottom = box
        return [self.at(x, y) for y in range(top, bottom) for x in range(left, right)]

    def changed(self, other: "Gray", by: int = 1) -> Box | None:
        """Around all pixels that differ by so much from another picture; None where none does."""
        assert (self.width, self.height) == (other.width, other.height)
        places = [n for n, (a, b) in enumerate(zip(self.rows, other.rows, strict=True)) if abs(a - b) >= by]
        if not places:
            return None
        xs, ys = [n % self.width for n in places], [n // self.width for n in places]
        return min(xs), min(ys), max(xs) + 1, max(ys) + 1


def grays(url: str, size: tuple[int, int]) -> list[Gray]:
    """The pictures of a file."""
    planes = _decoded(url, "extractplanes=y")
    area = size[0] * size[1]
    assert planes and len(planes) % area == 0
    return [Gray(*size, planes[n : n + area]) for n in range(0, len(planes), area)]


def shown(done: Done, number: int) -> list[Gray]:
    """The pictures of a flow's rendition."""
    return grays(done.rendition(number).url, SIZE)


def near(colors: Image.Image, at: tuple[int, int], wanted: tuple[int, int, int]) -> bool:
    """Whether a pixel has a colour, but for rounding."""
    found = colors.getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(a - b) <= 4 for a, b in zip(found, wanted, strict=True))


def colors(url: str, size: tuple[int, int]) -> Image.Image:
    """The first picture of a file, in colour."""
    return Image.frombytes("RGB", size, _decoded(url, "format=rgb24")[: size[0] * size[1] * 3])


def _decoded(url: str, filters: str) -> bytes:
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{path_of(url)}", "-vf", filters]
    return subprocess.run(
        [*argv, "-fps_mode", "passthrough", "-f", "rawvideo", "-"], capture_output=True, check=True
    ).stdout
