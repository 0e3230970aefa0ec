"""Running one ffmpeg command to success."""

from collections.abc import Sequence

from .attempt import Attempt
from .failure import explained
from .process import STALL_S, run
from .progress import Progress


async def encode(
    argv: Sequence[str], attempt: Attempt, duration_s: float | None, *, stall_s: float = STALL_S
) -> list[str]:
    """Run ffmpeg and tell the attempt of its progress over `duration_s`; stderr's last lines.

    Raises WorkError as `explained` says. Only exit code 0 is success: `progress=end` comes after an interrupt too.
    """
    errors, _ = await _ran(argv, attempt, duration_s, stall_s)
    return errors


async def counted(argv: Sequence[str], attempt: Attempt, duration_s: float | None, stall_s: float) -> int:
    """Run ffmpeg as `encode` does; how many pictures it wrote."""
    _, frames = await _ran(argv, attempt, duration_s, stall_s)
    return frames


async def _ran(
    argv: Sequence[str], attempt: Attempt, duration_s: float | None, stall_s: float
) -> tuple[list[str], int]:
    progress = Progress(duration_s, attempt.progress)
    ended = await run(argv, progress, stall_s=stall_s)
    if ended.code != 0:
        raise explained(ended.code, ended.errors)
    return ended.errors, progress.frames
