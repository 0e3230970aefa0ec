"""H.265 in FLV, which ffmpeg 5.1 can't write: encoded and joined as MP4, then put into FLV by a program of ours."""

import asyncio
import sys
from pathlib import Path

from .command import local
from .counting import Listing
from .errors import TransientError
from .process import STALL_S, run
from .written import Written


def argv(source: Path, target: Path) -> list[str]:
    """The command that puts an MP4 file's tracks into FLV and tells what came out."""
    return [sys.executable, "-m", "shared.flv_writing", local(source), local(target)]


async def rewritten(source: Path, target: Path, *, stall_s: float = STALL_S) -> Written:
    """Put an MP4 file that we have just made into FLV, and remove it; what is in the FLV file.

    Raises TransientError when the program was killed, hung or failed: the file is ours, so it is not the source.
    """
    listing = Listing()
    ended = await run(argv(source, target), listing.feed, stall_s=stall_s)
    if ended.code != 0:
        raise TransientError(f"{source.name} could not be put into FLV: {' '.join(ended.errors[-1:])}")
    await asyncio.to_thread(source.unlink)
    return listing.written((await asyncio.to_thread(target.stat)).st_size)
