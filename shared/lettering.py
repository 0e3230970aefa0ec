"""Text drawn to an image by Pillow and FreeType: no text is ever an argument of a program."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .placing import Box

_PARTED = re.compile("\r\n|[\n\u2028\u2029]")
MOST_DRAWN = 16_000_000
"""Pixels of a line that are drawn at once; of a longer line only the letters that can be seen."""


@dataclass(frozen=True)
class Lettering:
    """Lines of text in one size; `left` is how far letters reach beyond the pen's start."""

    font: ImageFont.FreeTypeFont
    lines: list[str]
    left: int
    width: int
    line_height: int

    @property
    def size(self) -> tuple[int, int]:
        """Of the box around all lines."""
        return max(1, self.width), max(1, self.line_height * len(self.lines))


def lettering(text: str, font_file: Path, size_px: int) -> Lettering:
    """Measure a text. Control characters become spaces; lines part at line feeds and Unicode's own separators."""
    font = ImageFont.truetype(str(font_file), size_px)
    lines = [_printable(line) for line in _PARTED.split(text)]
    boxes = [font.getbbox(line, anchor="ls") for line in lines]
    left = -min(0, *(int(box[0]) for box in boxes))
    right = max(max(int(box[2]) for box in boxes), max(int(font.getlength(line) + 0.999) for line in lines))
    ascent, descent = font.getmetrics()
    return Lettering(font, lines, left, left + right, ascent + descent)


def ink(letters: Lettering, box: Box, seen: Box) -> Image.Image:
    """How much of each pixel of `seen` the letters cover (8 bit), when their lines fill `box`."""
    mask = Image.new("L", (seen.width, seen.height))
    draw = ImageDraw.Draw(mask)
    for number, line in enumerate(letters.lines):
        x = box.x + letters.left - seen.x
        y = box.y + number * letters.line_height - seen.y
        if y + letters.line_height > 0 and y < seen.height:
            shift, part = _in_sight(letters, line, x, seen.width)
            draw.text((x + shift, y), part, fill=255, font=letters.font, anchor="la")
    return mask


def _in_sight(letters: Lettering, line: str, x: int, width: int) -> tuple[int, str]:
    """The letters of a very long line that can be seen, and how much further right they begin."""
    if letters.width * letters.line_height <= MOST_DRAWN:
        return 0, line
    ends = [letters.font.getlength(line[:n]) for n in range(len(line) + 1)]
    margin = letters.line_height
    seen = [n for n in range(len(line)) if x + ends[n + 1] > -margin and x + ends[n] < width + margin]
    return (int(ends[seen[0]]), line[seen[0] : seen[-1] + 1]) if seen else (0, "")


def _printable(line: str) -> str:
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in line)
