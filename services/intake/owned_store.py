"""A tenant's own documents: so many and no more, however many are made at once; each command carried out once.

Each that is there (`live`) holds a place numbered from 0; a unique index on owner and place keeps two from holding the
same one. A command that comes again, because its sender asked again or the broker delivered it again, gets the answer
of the first time and undoes nothing that was done since: `_id` is the id of the command that made the document,
`applied` has the last ones that changed it; what is deleted gives its place back and stays as a mark for three days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts import codes
from shared.errors import RequestError
from shared.store import Collection, Document, Duplicate

MARKS_KEPT = timedelta(days=3)
LIVE = {"live": True}
APPLIED_KEPT = 50
"""How many of the commands that changed a document are remembered."""


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
    await collection.create_index([*keys, ("deleted_by", 1)], partialFilterExpression={"deleted_by": {"$exists": True}})
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
    now = datetime.now(UTC)
    made = {"revision": 1, "created_at": now, "updated_at": now, "place": min(free)}
    try:
        await collection.insert_one({**document, **owner, **LIVE, **made})
    except Duplicate:
        return False
    return True


async def change(
    collection: Collection,
    which: Mapping[str, Any],
    content: Mapping[str, Any],
    command_id: str,
    expected: Mapping[str, Any] | None = None,
) -> Document | None:
    """Replace what is in `content`, unless this command did so before; the document as it is then.

    None when there is no such document, or when it is not (or not any more) as `expected`.
    """
    update = {
        "$set": {**content, "updated_at": datetime.now(UTC)},
        "$inc": {"revision": 1},
        "$push": {"applied": {"$each": [command_id], "$slice": -APPLIED_KEPT}},
    }
    new = {**which, **LIVE, **(expected or {}), "applied": {"$ne": command_id}}
    changed = await collection.find_one_and_update(new, update, return_document=True)
    return changed or await collection.find_one({**which, **LIVE, "applied": command_id})


async def delete(
    collection: Collection, which: Mapping[str, Any], command_id: str, expected: Mapping[str, Any] | None = None
) -> bool:
    """Mark a document as deleted, unless this command did so before; False when there was none as `expected`."""
    if await collection.find_one({**which, "deleted_by": command_id}) is not None:
        return True
    mark = {"live": False, "deleted_by": command_id, "deleted_at": datetime.now(UTC)}
    there = {**which, **LIVE, **(expected or {})}
    return await collection.find_one_and_update(there, {"$set": mark, "$unset": {"place": ""}}) is not None
