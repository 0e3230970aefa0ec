"""Odd sources, generated: each is a trap for those who cut by the clock."""

import functools
import shlex
import subprocess
import tempfile
from pathlib import Path

_PICTURE = "testsrc2=s=160x90"
_SOUND = "sine=f=440:b=4:r=48000"
_FAST = "-c:v libx264 -preset veryfast"

SOURCES = {
    "vfr.mp4": f"-f lavfi -i {_PICTURE}:r=60:d=5 -f lavfi -i {_SOUND}:d=5 "
    "-vf \"select='if(lt(mod(n,37),9),1,not(mod(n,3)))'\" "
    "-fps_mode passthrough -c:v libx264 -preset ultrafast -bf 2 -g 30",
    "offset.ts": f"-f lavfi -i {_PICTURE}:r=25:d=5 -f lavfi -i {_SOUND}:d=5 {_FAST} -bf 3 -g 25 -output_ts_offset 3600",
    "open_gop.mkv": f"-f lavfi -i {_PICTURE}:r=25:d=5 -f lavfi -i {_SOUND}:d=5 {_FAST} "
    "-x264-params open-gop=1:keyint=20:bframes=3:b-adapt=0:scenecut=0",
    "mpeg2.ts": f"-f lavfi -i {_PICTURE}:r=25:d=5 -f lavfi -i {_SOUND}:d=5 "
    "-c:v mpeg2video -bf 2 -g 15 -b:v 2M -c:a mp2",
    "late_sound.mp4": f"-f lavfi -i {_PICTURE}:r=25:d=5 -itsoffset 1.3 -f lavfi -i {_SOUND}:d=3 {_FAST} -g 40",
    "late_picture.mkv": f"-itsoffset 0.7 -f lavfi -i {_PICTURE}:r=25:d=5 -f lavfi -i {_SOUND}:d=5 {_FAST} -g 40",
    "one_frame.mp4": f"-f lavfi -i {_PICTURE}:r=25:d=5 -frames:v 1 -c:v libx264",
    "ntsc.mov": f"-f lavfi -i {_PICTURE}:r=24000/1001:d=5 -f lavfi -i {_SOUND}:d=5 {_FAST} -g 48",
    "long_gop.mp4": f"-f lavfi -i {_PICTURE}:r=30:d=8 -c:v libx264 -preset ultrafast -g 9999",
    "thin.mp4": f"-f lavfi -i testsrc2=s=640x8:r=25:d=2 {_FAST}",
    "odd_size.mkv": "-f lavfi -i testsrc2=s=321x181:r=15:d=4 -c:v ffv1 -pix_fmt yuv444p",
}


def make(name: str, directory: Path) -> Path:
    """Generate a source by name; the same bytes every time."""
    path = directory / name
    path.write_bytes(_made(name))
    return path


@functools.cache
def _made(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / name
        command = ["ffmpeg", "-v", "error", "-nostdin", *shlex.split(SOURCES[name]), f"file:{path}"]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return path.read_bytes()
