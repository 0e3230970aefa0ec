"""What plain ffmpeg makes of the same source in one pass, and how results are compared with it."""

import functools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.e2e import sound
from tests.media import truth

START_AT_0 = "setpts=PTS-STARTPTS"
THUMB = "scale=16:16:flags=neighbor"
"""Enough to count pictures by."""


def streams(path: Path) -> list[dict[str, Any]]:
    """The tracks, as ffprobe has them."""
    found: list[dict[str, Any]] = json.loads(_probed(path, "-show_streams", "-of", "json"))["streams"]
    return found


def track(path: Path, kind: str) -> dict[str, Any] | None:
    """The first track of a kind (video, audio)."""
    return next((stream for stream in streams(path) if stream["codec_type"] == kind), None)


def size(path: Path) -> tuple[int, int]:
    """Width and height as stored."""
    stream = track(path, "video")
    assert stream is not None
    return stream["width"], stream["height"]


@functools.cache
def times(path: Path, filters: str = "") -> list[float]:
    """When each picture is shown, the first one at 0, after filters over a decode in one pass."""
    chain = ",".join(part for part in (START_AT_0, filters, THUMB) if part)
    return [frame.time_s for frame in truth.frames(path, "v:0", chain)]


def sound_shift_s(made: Path, source: Path) -> float:
    """How much later than in the source the sound comes, compared with the picture."""
    return sound.shift_s(made, source) - (_first_picture_s(made) - _first_picture_s(source))


def likeness(made: Path, source: Path, filters: str) -> float:
    """The worst SSIM of a result's pictures, each with the picture of the same number of the filtered source."""
    width, height = size(made)
    graph = (
        f"[0:v:0]settb=1/1000,setpts=N,format=yuv420p[made];"
        f"[1:v:0]{START_AT_0},{filters or 'null'},scale={width}:{height}:flags=bicubic[scaled];"
        f"[scaled]settb=1/1000,setpts=N,format=yuv420p[own];"
        f"[made][own]ssim=stats_file=-:shortest=1"
    )
    lines = _ffmpeg("-i", f"file:{made}", "-i", f"file:{source}", "-lavfi", graph, "-fps_mode", "passthrough",
                    "-f", "null", "-").decode()  # fmt: skip
    values = [float(found.group(1)) for found in re.finditer(r"All:([\d.]+)", lines)]
    assert values, "nothing to compare"
    return min(values)


def picture_likeness(made: Path, source: Path, number: int, *, crop: str = "", frame: str = "") -> float:
    """SSIM of a still picture with picture `number` of the source.

    `crop` is a filter over the still; `frame` one over the source's picture, by default to the still's size.
    """
    before = f"{crop}," if crop else ""
    scaled = frame or "scale={}:{}".format(*size(made))
    graph = (
        f"[0:v:0]{before}format=yuv420p,setpts=0[made];"
        f"[1:v:0]select=eq(n\\,{number}),{scaled},format=yuv420p,setpts=0[own];"
        f"[made][own]ssim=stats_file=-"
    )
    lines = _ffmpeg("-i", f"file:{made}", "-i", f"file:{source}", "-lavfi", graph, "-frames:v", "1",
                    "-f", "null", "-").decode()  # fmt: skip
    found = re.search(r"All:([\d.]+)", lines)
    assert found, "nothing to compare"
    return float(found.group(1))


def on_show(source: Path, at_s: float) -> int:
    """The number of the picture that is on show `at_s` after the container's start."""
    first_s = _first_picture_s(source)
    shown = [number for number, time_s in enumerate(times(source)) if time_s + first_s <= at_s + 0.002]
    return shown[-1] if shown else 0


@functools.cache
def _first_picture_s(path: Path) -> float:
    """When the first picture is shown, counted from the container's start."""
    rows = _probed(path, "-select_streams", "v:0", "-read_intervals", "%+#8", "-show_entries",
                   "frame=best_effort_timestamp_time", "-of", "csv=p=0").split()  # fmt: skip
    start = json.loads(_probed(path, "-show_format", "-of", "json"))["format"].get("start_time", 0)
    return float(rows[0].strip(",")) - float(start)


def _probed(path: Path, *options: str) -> str:
    argv = ["ffprobe", "-v", "error", *options, f"file:{path}"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def _ffmpeg(*arguments: str) -> bytes:
    argv = ["ffmpeg", "-v", "error", "-nostdin", *arguments]
    done = subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout
