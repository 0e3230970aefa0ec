"""What a unit makes for another one to put together. Internal; other systems don't need it."""

from .model import Model


class PieceRef(Model):
    """Something that unit `unit_id` makes as its output `name`; `url` and `frames` are known once it is done.

    One with its `url` from the start is no unit's: it lies there, and `unit_id` is "".
    """

    unit_id: str
    name: str
    url: str | None = None
    frames: int | None = None
