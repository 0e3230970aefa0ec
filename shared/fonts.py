"""Fonts of watermarks: which file of this machine is meant by a name of the reference."""

import os
from dataclasses import dataclass
from pathlib import Path

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.watermark_parameters import FontType

from .errors import MediaError


@dataclass(frozen=True)
class Font:
    """File names that will do, best first, and the Debian package that has one of them."""

    files: tuple[str, ...]
    package: str


FONTS: dict[FontType, Font] = {
    "arial.ttf": Font(("arial.ttf", "Arial.ttf", "LiberationSans-Regular.ttf"), "fonts-liberation"),
    "simkai.ttf": Font(("simkai.ttf", "ukai.ttc", "gkai00mp.ttf"), "fonts-arphic-ukai"),
}
DIRECTORIES = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts").expanduser(),
    Path("~/.fonts").expanduser(),
)


def find(font: FontType) -> Path | None:
    """The file, wherever below the usual directories it is."""
    there = {name: Path(folder) / name for top in DIRECTORIES for folder, _, names in os.walk(top) for name in names}
    return next((there[name] for name in FONTS[font].files if name in there), None)


def font_file(font: FontType) -> Path:
    """The file. Raises MediaError when this machine has none."""
    path = find(font)
    if path is None:
        about = FONTS[font]
        text = f"no font file for {font} on this worker ({', '.join(about.files)}): install {about.package}"
        raise MediaError(text, CONFIGURATION_UNSUPPORTED)
    return path
