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
