"""Pictures of six patches whose colours are known, written as every kind of numbers; and what a file shows of them."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

RGB = [(40, 40, 40), (128, 128, 128), (235, 235, 235), (200, 30, 30), (30, 160, 30), (40, 60, 200)]
"""In BT.709, 8 bits: three greys, red, green, blue."""
HEIGHT = 64
FRAMES = 12
Colour = tuple[int, ...]

_X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=error:lossless=1:keyint=4"
_X264 = "-c:v libx264 -preset ultrafast -qp 0 -g 4"
_TAGS = "-color_primaries {1} -color_trc {2} -colorspace {0}"


def _yuv(matrix: str, pixels: str, full: bool = False) -> str:
    return f"scale=out_color_matrix={matrix}:out_range={'pc' if full else 'tv'},format={pixels}"


def _wide(transfer: str, pixels: str) -> str:
    told = "pin=bt709:tin=bt709:min=gbr:rin=pc"
    return f"format=gbrp,zscale={told}:p=bt2020:t={transfer}:m=bt2020nc:r=tv:npl=100,format={pixels}"


KINDS: dict[str, tuple[int, str, str]] = {
    "bt709.mp4": (192, _yuv("bt709", "yuv420p"), f"{_X264} {_TAGS.format('bt709', 'bt709', 'bt709')}"),
    "bt601.mp4": (192, _yuv("bt601", "yuv420p"), f"{_X264} {_TAGS.format('smpte170m', 'bt709', 'bt709')}"),
    "untold_small.mp4": (192, _yuv("bt601", "yuv420p"), _X264),
    "untold_large.mp4": (1536, _yuv("bt709", "yuv420p"), _X264),
    "full.mp4": (192, _yuv("bt709", "yuvj420p", True), f"{_X264} {_TAGS.format('bt709', 'bt709', 'bt709')}"),
    "ten_bit_422.mkv": (192, _yuv("bt709", "yuv422p10le"), f"{_X264} {_TAGS.format('bt709', 'bt709', 'bt709')}"),
    "444.mp4": (192, _yuv("bt709", "yuv444p"), f"{_X264} {_TAGS.format('bt709', 'bt709', 'bt709')}"),
    "rgb.mkv": (192, "format=gbrp", "-c:v ffv1 -g 4"),
    "bt2020.mp4": (192, _wide("2020_10", "yuv420p10le"), f"{_X265} {_TAGS.format('bt2020nc', 'bt2020', 'bt2020-10')}"),
}
PQ = (192, _wide("smpte2084", "yuv420p10le"), f"{_X265} {_TAGS.format('bt2020nc', 'bt2020', 'smpte2084')}")
HLG = (192, _wide("arib-std-b67", "yuv420p10le"), f"{_X265} {_TAGS.format('bt2020nc', 'bt2020', 'arib-std-b67')}")
HDR = {"pq.mp4": PQ, "hlg.mp4": HLG}
"""White is at 100 nits."""


def make(name: str, directory: Path) -> Path:
    """A clip of patches, by name."""
    width, filters, encoder = (KINDS | HDR)[name]
    row = b"".join(bytes(RGB[x * len(RGB) // width]) for x in range(width))
    path = directory / name
    raw = f"-f rawvideo -pix_fmt rgb24 -s {width}x{HEIGHT} -r 25 -i pipe:0"
    argv = ["ffmpeg", "-v", "error", "-y", *raw.split(), "-vf", filters, *encoder.split(), f"file:{path}"]
    subprocess.run(argv, input=row * HEIGHT * FRAMES, check=True)
    return path


def shown(path: Path, filters: str = "null", *options: str) -> list[Colour]:
    """The colours in the middle of the patches in a file's first picture, as RGB, by what the file tells of itself."""
    told = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=color_space", "-of", "csv=p=0"]
    matrix = subprocess.run([*told, f"file:{path}"], capture_output=True, text=True, check=True).stdout.strip(",\n ")
    means = {"bt709": "bt709", "smpte170m": "bt601", "bt470bg": "bt601"}.get(matrix)
    read = f"scale=in_color_matrix={means}" if means else "scale"
    argv = ["ffmpeg", "-v", "error", "-nostdin", *options, "-i", f"file:{path}", "-frames:v", "1"]
    argv += ["-vf", f"{filters},{read},format=rgb24,scale=192:64:flags=neighbor", "-f", "rawvideo", "-"]
    raw = subprocess.run(argv, capture_output=True, check=True).stdout
    middles = [(32 * 192 + 16 + 32 * n) * 3 for n in range(len(RGB))]
    return [tuple(raw[at : at + 3]) for at in middles]


def away(one: Sequence[Colour], other: Sequence[Colour]) -> int:
    """The largest difference of two lists of colours, 0 to 255."""
    return max(abs(a - b) for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True))


def mapped(peak: float = 10.0, knee: float = 0.3) -> list[Colour]:
    """What tone mapping (Möbius) makes of the patches: linear up to the knee, `peak` becomes white. Reckoned here."""
    a = -knee * knee * (peak - 1) / (knee * knee - 2 * knee + peak)
    b = (knee * knee - 2 * knee * peak + peak) / (peak - 1)
    made = []
    for colour in RGB:
        light = [(value / 255) ** 2.4 for value in colour]
        top = max(light)
        down = top if top <= knee else (b * b + 2 * b * knee + knee * knee) / (b - a) * (top + a) / (top + b)
        made.append(tuple(round(255 * (value * down / top) ** (1 / 2.4)) for value in light))
    return made
