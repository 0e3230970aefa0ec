"""What the stack under attack works on, and an ffmpeg that can be held up at it."""

import shutil
import subprocess
from pathlib import Path

_GATE = """#!/bin/bash
# ffmpeg that waits while a file of its service's name is there
service=$(tr '\\0' '\\n' < /proc/$PPID/cmdline | tail -n 1)
while [ -e "{gates}/$service" ]; do sleep 0.05; done
exec {ffmpeg} "$@"
"""


def clip(path: Path) -> None:
    """8 s of moving picture with a keyframe each second, and sound."""
    argv = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=160x128:r=25:d=8"]
    argv += ["-f", "lavfi", "-i", "sine=d=8", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac"]
    subprocess.run([*argv, str(path)], check=True)


def gated_ffmpeg(directory: Path) -> Path:
    """A directory for PATH with an ffmpeg that waits at the gates in `directory`/gates."""
    (directory / "gates").mkdir(parents=True)
    (directory / "bin").mkdir()
    script = directory / "bin" / "ffmpeg"
    script.write_text(_GATE.format(gates=directory / "gates", ffmpeg=shutil.which("ffmpeg")))
    script.chmod(0o755)
    return directory / "bin"
