"""A worker's look at a file that it has just made and that a flow starts with next."""

import asyncio
import base64
from pathlib import Path

from contracts.looks import Look

from .errors import WorkError
from .index import PacketIndex
from .log import logger
from .media import probe
from .packed_index import packed

MOST_CHARACTERS = 1024 * 1024
"""Of a packed index in a message, in base64. A larger one is not told, and found by whoever needs it."""


async def looked(path: Path, url: str) -> list[Look]:
    """What the file that will be at `url` is; nothing when that can't be told: the result is good all the same."""
    try:
        media, index = await probe(path)
    except WorkError as error:
        logger().warning("can't look at a result; the next flow will", url=url, error=error.message)
        return []
    data = await asyncio.to_thread(_text, index)
    return [] if data is not None and len(data) > MOST_CHARACTERS else [Look(url=url, media=media, index=data)]


def _text(index: PacketIndex | None) -> str | None:
    return None if index is None else base64.b64encode(packed(index)).decode()
