"""What an animated file shows: its pictures, composed, with their durations.

ffmpeg reads gif; of animated webp it reads none, so its container is taken apart here (the format's specification,
section "Animation") and each picture decoded as a file of its own.
"""

import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BYTES = 4


@dataclass(frozen=True)
class Moving:
    """`pictures` are RGBA, `times_s` when each comes on show, `loops` 0: for ever."""

    width: int
    height: int
    pictures: list[bytes]
    times_s: list[float]
    duration_s: float
    loops: int

    def shown(self, at_s: float) -> bytes:
        """The picture on show."""
        return [one for one, time_s in zip(self.pictures, self.times_s, strict=True) if time_s <= at_s + 1e-3][-1]


def read(path: Path) -> Moving:
    """A gif or webp."""
    raw = path.read_bytes()
    return _gif(path, raw) if raw[:3] == b"GIF" else _webp(path, raw)


def pixels(path: Path, filters: str, *options: str) -> list[bytes]:
    """All pictures of a file as RGBA, after filters."""
    width, height = _size(path, filters, options)
    raw = _decoded(path, f"{filters},format=rgba", options)
    return [raw[n : n + width * height * BYTES] for n in range(0, len(raw), width * height * BYTES)]


def distance(one: bytes, other: bytes) -> float:
    """The mean difference of two pictures' values, 0 to 255."""
    assert len(one) == len(other)
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def _gif(path: Path, raw: bytes) -> Moving:
    width, height = struct.unpack("<HH", raw[6:10])
    argv = ["ffprobe", "-v", "error", "-ignore_loop", "1", "-show_entries", "packet=pts_time,duration_time"]
    told = subprocess.run([*argv, "-of", "csv=p=0", f"file:{path}"], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(float, row.strip(",").split(","))) for row in told.split()]
    at = raw.find(b"NETSCAPE2.0")
    loops = struct.unpack("<H", raw[at + 13 : at + 15])[0] if at > 0 else 1
    shown = pixels(path, "null", "-ignore_loop", "1")
    return Moving(width, height, shown, [row[0] for row in rows], sum(rows[-1][:2]), loops)


def _webp(path: Path, raw: bytes) -> Moving:
    chunks = list(_chunks(raw[12:]))
    if not any(name == b"ANMF" for name, _ in chunks):
        (still,) = pixels(path, "null")
        width, height = _size(path, "null", ())
        return Moving(width, height, [still], [0.0], 0.0, 0)
    head, animation = (next(body for name, body in chunks if name == kind) for kind in (b"VP8X", b"ANIM"))
    width, height = _u24(head[4:7]) + 1, _u24(head[7:10]) + 1
    canvas = bytearray(width * height * BYTES)
    pictures, times_s, now_ms = [], [], 0
    for number, body in enumerate(body for name, body in chunks if name == b"ANMF"):
        x, y, w, h = 2 * _u24(body[0:3]), 2 * _u24(body[3:6]), _u24(body[6:9]) + 1, _u24(body[9:12]) + 1
        part = _alone(path.with_name(f"{path.name}.{number}.webp"), body[16:], w, h)
        over = not body[15] & 2
        for row in range(h):
            for column in range(w):
                to, source = ((y + row) * width + x + column) * BYTES, (row * w + column) * BYTES
                if not over or part[source + 3] > 127:
                    canvas[to : to + BYTES] = part[source : source + BYTES]
        pictures.append(bytes(canvas))
        times_s.append(now_ms / 1000)
        now_ms += _u24(body[12:15])
        assert not body[15] & 1, "to be disposed of: not read here"
    return Moving(width, height, pictures, times_s, now_ms / 1000, struct.unpack("<H", animation[4:6])[0])


def _alone(path: Path, data: bytes, width: int, height: int) -> bytes:
    """One picture of an animated webp, decoded as a file of its own."""
    alpha = any(name == b"ALPH" for name, _ in _chunks(data))
    sides = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    head = b"VP8X" + struct.pack("<I", 10) + bytes([0x10, 0, 0, 0]) + sides if alpha else b""
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(head) + len(data)) + b"WEBP" + head + data)
    (picture,) = pixels(path, "null")
    return picture


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        (size,) = struct.unpack("<I", data[at + 4 : at + 8])
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _u24(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _size(path: Path, filters: str, options: tuple[str, ...]) -> tuple[int, int]:
    argv = ["ffmpeg", "-v", "error", "-nostdin", *options, "-i", f"file:{path}", "-frames:v", "1", "-vf", filters]
    done = subprocess.run([*argv, "-f", "framecrc", "-"], capture_output=True, text=True, check=True)
    size = next(line for line in done.stdout.splitlines() if line.startswith("#dimensions")).split()[-1]
    width, height = map(int, size.split("x"))
    return width, height


def _decoded(path: Path, filters: str, options: tuple[str, ...]) -> bytes:
    argv = ["ffmpeg", "-v", "error", "-nostdin", *options, "-i", f"file:{path}", "-vf", filters]
    argv += ["-fps_mode", "passthrough", "-f", "rawvideo", "-"]
    return subprocess.run(argv, capture_output=True, check=True).stdout
