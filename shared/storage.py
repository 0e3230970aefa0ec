"""Storage: sources to local files, results to their URLs, whole or not at all."""

from pathlib import Path
from typing import Any, Protocol

from .errors import MediaError, RequestError
from .local_files import LocalFiles
from .locations import LocalFile, Location, Version, parse
from .s3_objects import S3Objects
from .settings import Settings


class Files(Protocol):
    """One kind of storage; `place` is its kind of location."""

    async def local(self, place: Any) -> Path: ...
    async def version(self, place: Any) -> Version: ...
    async def put(self, path: Path, place: Any) -> None: ...
    def renames(self, place: Any, target: Any) -> bool: ...
    async def move(self, place: Any, target: Any) -> None: ...
    async def remove(self, place: Any) -> None: ...
    async def remove_tree(self, place: Any) -> None: ...
    async def check_writable(self, place: Any) -> None: ...


class Storage:
    """Every place that vodflow reads from or writes to."""

    def __init__(self, settings: Settings) -> None:
        scratch = parse_scratch(settings.scratch_url)
        self._roots = settings.roots + ([scratch.path] if isinstance(scratch, LocalFile) else [])
        self.scratch_url = scratch.url.rstrip("/")
        self._local = LocalFiles()
        self._s3 = S3Objects(settings)

    def _at(self, url: str) -> tuple[Files, Any]:
        try:
            place: Location = parse(url, self._roots)
        except RequestError as error:
            raise MediaError(error.message, error.code) from error
        return (self._local, place) if isinstance(place, LocalFile) else (self._s3, place)

    async def local(self, url: str) -> Path:
        """A local file with the content, to read only: in place, or from a bounded cache.

        Raises:
            MediaError: there is no such file, or it may not be read.
            TransientError: the storage doesn't answer.
        """
        files, place = self._at(url)
        return await files.local(place)

    async def version(self, url: str) -> Version:
        """What tells the file at a URL from what may lie there another time. Nothing is fetched; raises as `local`."""
        files, place = self._at(url)
        return await files.version(place)

    async def put(self, path: Path, url: str) -> None:
        """Store a local file at a URL; it appears there whole or not at all. The local file stays.

        Raises:
            MediaError: the place can't be written to.
            TransientError: the storage doesn't answer, or is full.
        """
        files, place = self._at(url)
        await files.put(path, place)

    async def move(self, source: str, url: str) -> None:
        """Move a file; within one storage by renaming. Done already counts as done. Raises as `put` does."""
        files, place = self._at(source)
        others, target = self._at(url)
        if files is others and files.renames(place, target):
            await files.move(place, target)
            return
        try:
            path = await files.local(place)
        except MediaError:
            await others.local(target)
            return
        await others.put(path, target)
        await files.remove(place)

    async def remove(self, url: str) -> None:
        """Remove a file; no error when there is none."""
        files, place = self._at(url)
        await files.remove(place)

    async def remove_scratch(self, flow_id: str) -> None:
        """Remove everything that a flow left in scratch storage."""
        files, place = self._at(f"{self.scratch_url}/{flow_id}")
        await files.remove_tree(place)

    async def check_writable(self, directory: str) -> None:
        """Raises MediaError when a directory URL can't be written to, as far as that can be told without a file."""
        files, place = self._at(directory)
        await files.check_writable(place)


def parse_scratch(url: str) -> Location:
    """The scratch place: `file:` URLs may be relative to the working directory.

    Raises RequestError for another scheme.
    """
    if url.startswith("file:") and not url.startswith("file:/"):
        return LocalFile(Path(url[len("file:") :]).resolve())
    return parse(url, [Path("/")])
