"""Sources of unusual pictures: two fields in one, turned and mirrored by a matrix, of unusual sizes."""

import math
import shlex
import subprocess
from pathlib import Path

TILT = math.sqrt(0.5)
MATRICES: dict[str, tuple[float, float, float, float]] = {
    "hflip": (-1, 0, 0, 1),
    "vflip": (1, 0, 0, -1),
    "transpose": (0, 1, 1, 0),
    "transverse": (0, -1, -1, 0),
    "quarter": (0, 1, -1, 0),
    "half": (-1, 0, 0, -1),
    "three_quarters": (0, -1, 1, 0),
    "tilted": (TILT, TILT, -TILT, TILT),
}
"""The a, b, c, d of a track's matrix (ISO 14496-12): a point x, y is shown at ax + cy, bx + dy."""
CORNERS = "rgbw"
"""Red, green, blue and white: upper left and right, lower left and right, as stored."""
_BAR = (
    "color=black:s=160x96:r=50:d=2[black];color=white:s=20x96:r=50:d=2[bar];testsrc2=s=160x40:r=50:d=2[test];"
    "[black][bar]overlay=x='mod(n*6,140)'[moved];[moved][test]overlay=y=56"
)


def interlaced(directory: Path, *, bottom_first: bool = False) -> Path:
    """50 pictures of 25 a second, each of two fields; a bar moves 6 pixels from field to field."""
    path = directory / f"interlaced_{'bottom' if bottom_first else 'top'}.mp4"
    order = "bottom" if bottom_first else "top"
    woven = f"{_BAR},tinterlace=interleave_{order},setfield={order[0]}ff"
    first = "bff" if bottom_first else "tff"
    coded = f"-c:v libx264 -preset veryfast -flags +ildct+ilme -x264-params {first}=1:keyint=12:bframes=2:open-gop=1"
    _ffmpeg(f"-f lavfi -i {shlex.quote(woven)} {coded} -pix_fmt yuv420p", path)
    return path


def turned(name: str, directory: Path) -> Path:
    """Four coloured corners, 64 x 48, to be shown as a matrix says."""
    path = directory / f"{name}.mp4"
    boxes = ",".join(
        f"drawbox={x}:{y}:32:24:{colour}:fill"
        for colour, (x, y) in {"red": (0, 0), "lime": (32, 0), "blue": (0, 24), "white": (32, 24)}.items()
    )
    _ffmpeg(f"-f lavfi -i color=black:s=64x48:r=25:d=1,{boxes} -c:v libx264 -g 5 -qp 0 -pix_fmt yuv420p", path)
    raw = bytearray(path.read_bytes())
    at = raw.find(b"tkhd") + 4
    at += 4 + (32 if raw[at] else 20) + 16
    for n, value in zip((0, 4, 12, 16), MATRICES[name], strict=True):
        raw[at + n : at + n + 4] = round(value * 65536).to_bytes(4, "big", signed=True)
    path.write_bytes(raw)
    return path


def sized(width: int, height: int, aspect: str, directory: Path) -> Path:
    """A clip of any size and pixel shape."""
    path = directory / f"{width}x{height}.mkv"
    _ffmpeg(
        f"-f lavfi -i testsrc2=s=64x64:r=5:d=1 -vf scale={width}:{height},setsar={aspect} -c:v ffv1 -pix_fmt yuv444p",
        path,
    )
    return path


def corners(path: Path, filters: str = "null") -> str:
    """The corners' colours of a file's first picture, row by row."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-noautorotate", "-i", f"file:{path}", "-frames:v", "1"]
    argv += ["-vf", f"{filters},scale=4:4:flags=neighbor,format=rgb24", "-f", "rawvideo", "-"]
    raw = subprocess.run(argv, capture_output=True, check=True).stdout
    return "".join(_name(raw[at * 3 : at * 3 + 3]) for at in (0, 3, 12, 15))


def _name(colour: bytes) -> str:
    names = {"100": "r", "010": "g", "001": "b", "111": "w"}
    return names.get("".join(str(int(value > 127)) for value in colour), "?")


def _ffmpeg(arguments: str, path: Path) -> None:
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-y", *shlex.split(arguments), f"file:{path}"]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
