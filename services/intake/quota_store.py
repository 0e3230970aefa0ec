"""Documents of which a tenant may have so many and no more, however many are made at once.

Each that is there (`live`) holds a place numbered from 0; a unique index on owner and place keeps two from holding the
same one. What is deleted gives its place back and stays as a mark for three days, so that the same command, delivered
again, gets the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts import codes
from shared.errors import RequestError
from shared.store import Collection, Document, Duplicate

MARKS_KEPT = timedelta(days=3)
LIVE = {"live": True}


@dataclass(frozen=True)
class Quota:
    """The most there can be of an owner's; `what` names them, `field` is the command's member at fault."""

    most: int
    what: str
    field: str


async def prepare(collection: Collection, owner: Sequence[str]) -> None:
    """Make the indexes; `owner` are the members that say whose a document is."""
    keys = [(name, 1) for name in owner]
    await collection.create_index([*keys, ("place", 1)], unique=True, partialFilterExpression=LIVE)
    await collection.create_index([("deleted_at", 1)], expireAfterSeconds=int(MARKS_KEPT.total_seconds()))


async def insert(collection: Collection, document: Document, owner: Mapping[str, Any], quota: Quota) -> bool:
    """Store a document in a free place of its owner; False when another document is in its way: look again.

    Raises:
        RequestError: the owner has as many as there can be.
    """
    held = await collection.find({**owner, **LIVE}, {"place": 1}).to_list(None)
    free = set(range(quota.most)) - {found["place"] for found in held}
    if not free:
        text = f"there are {quota.most} {quota.what} already, the most there can be"
        raise RequestError(text, codes.TOO_MANY_TEMPLATES, quota.field)
    try:
        await collection.insert_one({**document, **owner, **LIVE, "place": min(free)})
    except Duplicate:
        return False
    return True


async def delete(collection: Collection, which: Mapping[str, Any], command_id: str, now: datetime) -> bool:
    """Mark a document as deleted by a command; False when there was none, nor one that this same command deleted."""
    change = {"$set": {"live": False, "deleted_by": command_id, "deleted_at": now}, "$unset": {"place": ""}}
    if await collection.find_one_and_update({**which, **LIVE}, change) is not None:
        return True
    return await collection.find_one({**which, "deleted_by": command_id}) is not None
