"""What the doctor looks at on this machine: programs, versions, folders."""

import asyncio
import os
import re
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.local import programs
from deploy.local.errors import ProgramMissing
from shared.fonts import FONTS, find

_OUTPUT_TIMEOUT_S = 20.0
_LOW_DISK_GB = 2.0
_OLDEST_FFMPEG = (5, 1)
_ENCODERS = ("libx264", "libx265", "libvpx-vp9", "libsvtav1", "libaom-av1", "aac", "libmp3lame", "libopus", "flac")


@dataclass(frozen=True)
class Check:
    """One line of the doctor's report; `mend` says what to do when it is not well."""

    name: str
    well: bool
    detail: str
    mend: str = ""


def python() -> Check:
    """The interpreter that runs this."""
    return Check("Python", sys.version_info >= (3, 11), sys.version.split()[0], "install Python 3.11 or newer")


async def tool(name: str) -> Check:
    """ffmpeg or ffprobe, and its version."""
    mend = f"install ffmpeg 5.1 or newer ({programs.SETUP})"
    path = shutil.which(name)
    if path is None:
        return Check(name, False, "not found", mend)
    version = ffmpeg_version(await _output(path, "-version"))
    if version is None:
        return Check(name, True, f"{path}, a build without a version number")
    return Check(name, version >= _OLDEST_FFMPEG, f"{path}, {'.'.join(map(str, version))}", mend)


async def encoders() -> Check:
    """Whether ffmpeg can write what the preset templates ask for."""
    path = shutil.which("ffmpeg")
    text = await _output(path, "-hide_banner", "-encoders") if path else ""
    missing = missing_encoders(text)
    detail = f"missing: {', '.join(missing)}" if missing else ", ".join(_ENCODERS)
    return Check("encoders", not missing, detail, "install an ffmpeg that is built with them")


def fonts() -> Check:
    """Whether the text of watermarks can be drawn."""
    there = {name: find(name) for name in FONTS}
    missing = [name for name, path in there.items() if path is None]
    packages = " ".join(FONTS[name].package for name in missing)
    detail = f"missing: {', '.join(missing)}" if missing else ", ".join(f"{name}: {there[name]}" for name in there)
    return Check("fonts", not missing, detail, f"apt-get install {packages}")


def program(name: str, find: Callable[[], Path]) -> Check:
    """A server program, unless an address stands in for it."""
    try:
        return Check(name, True, str(find()))
    except ProgramMissing as missing:
        return Check(name, False, "not found", str(missing))


def writable(directory: Path) -> Check:
    """A storage root: there and writable, or about to be made where we may."""
    name = f"storage {directory}"
    if directory.is_dir():
        allowed = os.access(directory, os.W_OK | os.X_OK)
        return Check(name, allowed, "writable" if allowed else "not writable", f"chown or chmod {directory}")
    parent = next((folder for folder in directory.parents if folder.exists()), Path("/"))
    allowed = os.access(parent, os.W_OK | os.X_OK)
    return Check(
        name, allowed, "will be made at the first start" if allowed else "cannot be made", f"mkdir {directory}"
    )


def free_disk(directory: Path) -> Check:
    """Free space (GB) where the data directory is or will be."""
    place = next(folder for folder in (directory, *directory.parents) if folder.exists())
    free_gb = shutil.disk_usage(place).free / 1e9
    return Check(
        "free disk", free_gb >= _LOW_DISK_GB, f"{free_gb:.1f} GB in {place}", "make room, or choose another --data"
    )


def ffmpeg_version(text: str) -> tuple[int, int] | None:
    """Major and minor out of `ffmpeg -version`; None for builds named after a commit."""
    found = re.match(r"ff\w+ version n?(?:\d+:)?(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else None


def missing_encoders(text: str) -> list[str]:
    """Which of the needed encoders `ffmpeg -encoders` does not list."""
    listed = {line.split()[1] for line in text.splitlines() if len(line.split()) > 1}
    return [name for name in _ENCODERS if name not in listed]


async def _output(*argv: str) -> str:
    process = await asyncio.create_subprocess_exec(*argv, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT)
    try:
        async with asyncio.timeout(_OUTPUT_TIMEOUT_S):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return ""
    return output.decode(errors="replace")
