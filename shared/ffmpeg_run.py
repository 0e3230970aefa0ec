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
    ended = await run(argv, Progress(duration_s, attempt.progress), stall_s=stall_s)
    if ended.code != 0:
        raise explained(ended.code, ended.errors)
    return ended.errors
