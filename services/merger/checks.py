"""Whether what was put together is what its pieces are. Pure."""

from collections.abc import Sequence

from contracts.units import ChunkRef
from shared.errors import InexactError
from shared.written import Track


def check_pictures(chunks: Sequence[ChunkRef], picture: Track | None) -> None:
    """Raises InexactError when there are not as many pictures as in the chunks together, where that is known."""
    count = picture.samples if picture else 0
    frames = [chunk.frames for chunk in chunks if chunk.frames is not None]
    if len(frames) == len(chunks) and count != sum(frames):
        raise InexactError(f"{count} pictures after joining chunks of {sum(frames)}")


CLOCK_S = 0.01
"""Times that are copied from one clock to another differ by their ticks."""


def check_length(chunks: Sequence[ChunkRef], picture: Track | None) -> None:
    """Raises InexactError when pictures that were copied don't last as long as their chunks together."""
    wanted_s = float(sum(chunk.duration_s for chunk in chunks))
    found_s = picture.duration_s if picture else 0.0
    if abs(found_s - wanted_s) > CLOCK_S:
        raise InexactError(f"{found_s:.3f} s of pictures after joining {wanted_s:.3f} s of them by copying")
