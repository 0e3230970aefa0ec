"""Clips to measure with, made from the sample clip."""

import subprocess
from pathlib import Path

CLIP = Path(__file__).parents[2] / "deploy" / "local" / "media" / "big_buck_bunny_30s.webm"
_NEAR_LOSSLESS = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "12", "-g", "50", "-pix_fmt", "yuv420p", "-an"]


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

    def ten_alike(self) -> list[Path]:
        """Ten clips of 6 s, 1280x720, 24 fps, with the same parameters."""
        encode = ["-vf", "scale=1280:720,format=yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac"]
        cut = ["-stream_loop", "1", "-i", str(CLIP), "-t", "6"]
        return [self._made(f"alike-{n}.mp4", ["-ss", str(2 * n), *cut, *encode]) for n in range(10)]

    def hour(self) -> Path:
        """An hour of 320x180, 25 fps, a keyframe every 2 s: a minute encoded, then looped by stream copy."""
        codec = ["-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0"]
        minute = self._made("minute.mp4", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=60", *codec])
        return self._made("hour.mp4", ["-stream_loop", "59", "-i", str(minute), "-c", "copy"])

    def film(self, seconds: int = 60) -> Path:
        """640x360, 24 fps: the clip and its mirror image, with changes of scene; keyframes 2 s apart at most."""
        graph = "[0:v]scale=640:360,split[a][b];[b]hflip[c];[a][c]concat"
        cut = ["-filter_complex", graph, "-t", str(seconds)]
        return self._made(f"film-{seconds}.mp4", ["-i", str(CLIP), *cut, *_NEAR_LOSSLESS])

    def grain(self) -> Path:
        """60 s of 640x360, 25 fps: everything moves, under noise that differs in each picture."""
        picture = "mandelbrot=s=640x360:r=25:end_scale=0.001:end_pts=1500,noise=alls=12:allf=t"
        return self._made("grain.mp4", ["-f", "lavfi", "-i", picture, "-t", "60", *_NEAR_LOSSLESS])

    def screen(self) -> Path:
        """60 s of 640x360, 25 fps: another slide every 7.4 s, a pointer that moves in steps, somebody in a corner."""
        graph = (
            "[0:v]fps=25,negate=enable=mod(floor(t/7.4)\\,2)[slide];[2:v]scale=214:120,fps=25[face];"
            "[slide][face]overlay=426:240[two];[two][1:v]overlay=x=150+20*trunc(6*sin(2*PI*t/9)):y=60+3*t"
        )
        slides = ["-f", "lavfi", "-i", "mandelbrot=s=640x360:r=5/37:end_pts=9:end_scale=0.01"]
        pointer = ["-f", "lavfi", "-i", "color=white:s=12x20:r=25"]
        face = ["-stream_loop", "1", "-i", str(CLIP)]
        return self._made(
            "screen.mp4", [*slides, *pointer, *face, "-filter_complex", graph, "-t", "60", *_NEAR_LOSSLESS]
        )

    def _made(self, name: str, arguments: list[str]) -> Path:
        path = self._root / name
        if not path.exists():
            self._root.mkdir(parents=True, exist_ok=True)
            subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments, str(path)], check=True)
        return path
