"""Whether what was made is what was planned. Pure."""

from contracts.codes import RESULT_TOO_LARGE, SOURCE_MALFORMED
from contracts.units import AnimationWork
from shared.errors import InexactError, MediaError


def check(work: AnimationWork, frames: int) -> None:
    """Whether the pictures made are those planned. Raises InexactError, or MediaError: none, or too many."""
    if work.times == "kept" and not work.frames_min <= frames <= work.frames_max:
        raise InexactError(f"{frames} pictures instead of {work.frames_min} to {work.frames_max}")
    if frames == 0:
        raise MediaError("no picture could be decoded", SOURCE_MALFORMED)
    if frames > work.frames_max:
        raise MediaError(f"more than {work.frames_max} pictures of this size are too many", RESULT_TOO_LARGE)
