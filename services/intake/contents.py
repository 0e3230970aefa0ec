"""Large content that a command brings along: it is stored once in the flow's scratch, and named by URL. Pure."""

import hashlib

from shared.locations import below


class Contents:
    """What is to be stored, by URL; the same content has the same name."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self.files: dict[str, bytes] = {}

    def url(self, content: bytes, kind: str) -> str:
        """Where the content will lie."""
        url = below(self._directory, f"{kind}-{hashlib.sha256(content).hexdigest()}")
        self.files[url] = content
        return url
