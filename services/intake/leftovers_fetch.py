"""Broken off copies that nobody goes on with are removed: of flows that were cancelled, or went on elsewhere."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

from shared.log import logger
from shared.store import Store

from .leftovers import abandoned
from .partial_fetch import removed


class Leftovers:
    """The copies on this machine."""

    def __init__(self, store: Store, directory: Path) -> None:
        self._units = store.collection("fetch_units")
        self._directory = directory

    async def sweep(self) -> None:
        """Remove what is abandoned."""
        try:
            for copy in await asyncio.to_thread(self._copies):
                found = self._units.find({"_id": {"$regex": f"^{re.escape(copy.name)}/"}})
                since = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
                if abandoned(await found.to_list(100), since, datetime.now(UTC)):
                    await asyncio.to_thread(removed, copy)
        except Exception as error:
            logger().warning("can't clear away copies; trying again", error=f"{type(error).__name__}: {error}")

    def _copies(self) -> list[Path]:
        return [path for path in self._directory.iterdir() if path.is_dir()] if self._directory.is_dir() else []
