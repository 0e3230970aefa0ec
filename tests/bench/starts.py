"""When ffmpeg was started: a wrapper before it on PATH writes the moment down, then becomes the real one."""

import os
import shutil
from pathlib import Path

_WRAPPER = """#!/bin/bash
printf '%s\\n' "$EPOCHREALTIME" >> {log}
exec {ffmpeg} "$@"
"""


class Starts:
    """The moments (seconds since the epoch) at which the services started ffmpeg."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "log"
        self._folder = folder
        folder.mkdir(parents=True)
        ffmpeg = shutil.which("ffmpeg")
        assert ffmpeg is not None
        wrapper = folder / "ffmpeg"
        wrapper.write_text(_WRAPPER.format(log=self._log, ffmpeg=ffmpeg))
        wrapper.chmod(0o755)

    def settings(self) -> dict[str, str]:
        """The variable that puts the wrapper first."""
        return {"PATH": f"{self._folder}{os.pathsep}{os.environ['PATH']}"}

    def forget(self) -> None:
        """Begin anew."""
        self._log.unlink(missing_ok=True)

    def first(self) -> float:
        """The earliest since `forget`."""
        return min(float(line) for line in self._log.read_text().split())
