"""What a worker tells of a file that it has made, so that nobody has to look at it again. Internal."""

from .media import MediaInfo
from .model import Model


class Look(Model):
    """A file at its final `url`, looked at before it was put there.

    `index` is its picture's packet index, packed (shared/packed_index.py) and in base64; None where there is none.
    """

    url: str
    media: MediaInfo
    index: str | None = None
