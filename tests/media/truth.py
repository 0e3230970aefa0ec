"""Ground truth by ffmpeg and ffprobe themselves, in plain commands that share nothing with the product's graphs."""

import functools
import hashlib
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Frame:
    """A decoded picture: when it is shown, and a digest of its pixels."""

    time_s: float
    digest: str


@dataclass(frozen=True)
class _Source:
    """A file that holds all it needs, equal to every other of the same bytes."""

    path: Path = field(compare=False)
    digest: str

    @classmethod
    def of(cls, path: Path) -> "_Source":
        return cls(path, hashlib.sha256(path.read_bytes()).hexdigest())


def _out(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


def frames(path: Path, stream: str, filters: str, *options: str) -> list[Frame]:
    """Decode a picture track from the file's start through a chain of filters."""
    graph = f"[0:{stream}]{filters}[v]"
    text = _out(
        *("ffmpeg", "-v", "error", "-nostdin", *options, "-i", f"file:{path}", "-filter_complex", graph, "-map", "[v]"),
        *("-fps_mode", "passthrough", "-enc_time_base", "1/90000", "-f", "framemd5", "-"),
    )
    rows = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    return [Frame(int(row[2]) / 90000, row[5].strip()) for row in rows]


def expected(source: Path, stream: str, filters: str) -> list[Frame]:
    """`frames` of a source that several tests compare with: worked out once for all files of the same bytes."""
    return list(_expected(_Source.of(source), stream, filters))


@functools.cache
def _expected(source: _Source, stream: str, filters: str) -> tuple[Frame, ...]:
    return tuple(frames(source.path, stream, filters))


def start_s(path: Path, stream: str) -> float:
    """When a track starts, by its first packet that is shown."""
    argv = ["ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", "stream=start_time"]
    return float(_out(*argv, "-of", "csv=p=0", f"file:{path}").split()[0].strip(","))


def samples(path: Path, stream: str, *options: str) -> int:
    """Decoded sound samples per channel."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", *options, "-i", f"file:{path}", "-map", f"0:{stream}", "-ac", "1"]
    done = subprocess.run([*argv, "-f", "s16le", "-"], capture_output=True, stdin=subprocess.DEVNULL, check=True)
    return len(done.stdout) // 2


def whole_sound(source: Path, stream: str, *options: str) -> int:
    """Samples that come out of one plain encode of a source's sound to AAC, worked out once as in `expected`."""
    return _whole_sound(_Source.of(source), stream, *options)


@functools.cache
def _whole_sound(source: _Source, stream: str, *options: str) -> int:
    with tempfile.TemporaryDirectory() as directory:
        made = Path(directory) / "sound.mp4"
        argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{source.path}", "-map", f"0:{stream}", "-c:a", "aac"]
        _out(*argv, *options, f"file:{made}")
        return samples(made, "a:0")


def loudness(path: Path) -> float:
    """Integrated loudness in LUFS."""
    argv = ["ffmpeg", "-nostdin", "-hide_banner", "-i", f"file:{path}", "-af", "ebur128", "-f", "null", "-"]
    told = subprocess.run(argv, capture_output=True, check=True).stderr.decode()
    return float(told[told.rindex("I:") + 2 :].split()[0])


def size(path: Path) -> tuple[int, int]:
    """Width and height of a picture file."""
    argv = ["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0"]
    width, height = _out(*argv, f"file:{path}").strip().split(",")
    return int(width), int(height)
