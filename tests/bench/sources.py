"""Clips to measure with, made from the sample clip."""

import subprocess
from pathlib import Path

CLIP = Path(__file__).parents[2] / "deploy" / "local" / "media" / "big_buck_bunny_30s.webm"


class Sources:
    """Made on first use, below the storage root."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def long_1080p(self) -> Path:
        """63 s, 1920x1080, 24 fps, H.264 with a keyframe at least every 2 s, AAC."""
        scale = ["-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-g", "48"]
        return self._made("long.mp4", ["-stream_loop", "2", "-i", str(CLIP), "-t", "63", *scale, "-c:a", "aac"])

    def one_second(self) -> Path:
        """1 s of the clip, 1280x720."""
        encode = ["-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac"]
        return self._made("second.mp4", ["-ss", "10", "-i", str(CLIP), "-t", "1", *encode])

    def hour(self) -> Path:
        """An hour of 320x180, 25 fps, a keyframe every 2 s: a minute encoded, then looped by stream copy."""
        codec = ["-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0"]
        minute = self._made("minute.mp4", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=60", *codec])
        return self._made("hour.mp4", ["-stream_loop", "59", "-i", str(minute), "-c", "copy"])

    def _made(self, name: str, arguments: list[str]) -> Path:
        path = self._root / name
        if not path.exists():
            self._root.mkdir(parents=True, exist_ok=True)
            subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments, str(path)], check=True)
        return path
