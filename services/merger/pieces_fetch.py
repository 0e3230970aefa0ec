"""Pieces as local files."""

import asyncio
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from contracts.units import ChunkRef, PieceRef
from shared.attempt import Attempt
from shared.errors import TransientError

from .graph import concat_list, joined, opened


async def fetched(piece: PieceRef, attempt: Attempt) -> Path:
    """A piece. Raises TransientError when its place is unknown."""
    if piece.url is None:
        raise TransientError("a piece to join has no place yet")
    return await attempt.source(piece.url)


async def fetched_all(pieces: Sequence[PieceRef], attempt: Attempt) -> list[Path]:
    """Pieces, in their order."""
    return [await fetched(piece, attempt) for piece in pieces]


async def linked(paths: Sequence[Path], directory: Path) -> list[Path]:
    """The same files under names of our own: what somebody else calls a file may break a line of a list."""
    links = [directory / f"source{number}" for number in range(len(paths))]
    for link, path in zip(links, paths, strict=True):
        await asyncio.to_thread(link.symlink_to, path.absolute())
    return links


async def joinable(pieces: Sequence[ChunkRef], delay_s: Fraction, attempt: Attempt, directory: Path) -> Any:
    """Pieces as one input of ffmpeg: a single one with its own times, several after each other."""
    paths = await fetched_all(pieces, attempt)
    if len(paths) == 1:
        return opened(paths[0], keep_times=True)
    listing = directory / "chunks.ffconcat"
    await asyncio.to_thread(listing.write_text, concat_list(pieces, paths))
    return joined(listing, delay_s)
