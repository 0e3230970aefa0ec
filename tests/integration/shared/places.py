"""A storage with a directory of the test's own in it, of files or of objects."""

from pathlib import Path

from contracts import codes
from shared.errors import MediaError
from shared.locations import below
from shared.settings import Settings
from shared.storage import Storage

HOSTILE = [
    "plain.mp4",
    "te[s]t 'video' \"q\".mp4",
    "100%25 50% #1?x=y&z.mp4",
    "ünï 动画 🎬.mp4",
    "-dash; $(rm) `x` \\back.mp4",
    "a+b=c@d:e,f~g!.mp4",
]


class Place:
    """A storage with a directory of the test's own in it, and how to look at it from outside."""

    def __init__(self, kind: str, tmp: Path, settings: Settings) -> None:
        self.kind = kind
        self.settings = settings
        self.storage = Storage(settings)
        self.directory = (tmp / "storage").as_uri() if kind == "file" else f"s3://media/{tmp.name}"
        self.tmp = tmp

    def url(self, name: str) -> str:
        return below(self.directory, name)

    def file(self, content: bytes = b"content", name: str = "local") -> Path:
        path = self.tmp / name
        path.write_bytes(content)
        return path

    async def put(self, name: str, content: bytes = b"content") -> str:
        await self.storage.put(self.file(content), self.url(name))
        return self.url(name)

    async def content(self, name: str) -> bytes:
        return (await self.storage.local(self.url(name))).read_bytes()

    async def missing(self, name: str) -> bool:
        try:
            await self.storage.local(self.url(name))
        except MediaError as error:
            return error.code == codes.SOURCE_NOT_ACCESSIBLE
        return False
