"""The planner's documents: what was found when files were looked at, for as long as the files stay as they are.

One for each URL: `version` is the file's as it was looked at, `form` that of the look itself; `media` is JSON text,
`index` the packed packet index. Forgotten a week after its last use.
"""

import asyncio
from datetime import UTC, datetime

from contracts.media import MediaInfo
from shared.index import PacketIndex
from shared.packed_index import packed, unpacked
from shared.store import Store

FORM = 2
"""To be raised when shared/probed.py reads files otherwise: what was found before counts no more."""
KEPT_S = 7 * 86_400
MOST_BYTES = 8 * 1024 * 1024
"""Of a packed index: a document holds twice that. A larger one is not kept."""


class KeptLooks:
    """Looks by URL."""

    def __init__(self, store: Store) -> None:
        self._looks = store.collection("looks")

    async def prepare(self) -> None:
        """Make the index."""
        await self._looks.create_index([("used_at", 1)], expireAfterSeconds=KEPT_S)

    async def find(self, url: str, version: str) -> tuple[MediaInfo, PacketIndex | None] | None:
        """What was found in this version of the file, if it was looked at and is remembered."""
        which = {"_id": url, "version": version, "form": FORM}
        found = await self._looks.find_one_and_update(which, {"$set": {"used_at": datetime.now(UTC)}})
        if found is None:
            return None
        data = found["index"]
        index = None if data is None else await asyncio.to_thread(unpacked, bytes(data))
        return MediaInfo.model_validate_json(found["media"]), index

    async def keep(self, url: str, version: str, media: MediaInfo, index: PacketIndex | None) -> None:
        """Remember what was found, in the place of what was found before."""
        data = None if index is None else await asyncio.to_thread(packed, index)
        if data is not None and len(data) > MOST_BYTES:
            return
        document = {
            "_id": url,
            "version": version,
            "form": FORM,
            "media": media.model_dump_json(),
            "index": data,
            "used_at": datetime.now(UTC),
        }
        await self._looks.replace_one({"_id": url}, document, upsert=True)
