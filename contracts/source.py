"""The file that workers read. Internal."""

from .model import Model


class Source(Model):
    """The file to read, in our own storage."""

    url: str
    size_bytes: int
