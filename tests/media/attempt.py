"""An attempt at a unit on a local directory: what a worker's code sees, without a worker."""

import shutil
from pathlib import Path
from urllib.parse import quote, unquote

from contracts.codes import SOURCE_NOT_ACCESSIBLE
from shared.errors import MediaError


def file_url(path: Path) -> str:
    """A local file as URL."""
    return "file://" + quote(str(path))


def existing(url: str) -> Path:
    """The file that a URL names. Raises MediaError when there is none."""
    path = Path(unquote(url.removeprefix("file://")))
    if not path.is_file():
        raise MediaError(f"{path.name}: no such file", SOURCE_NOT_ACCESSIBLE)
    return path


class LocalAttempt:
    """Reads `file://` URLs, keeps intermediates in `scratch`, puts results in place at once."""

    def __init__(self, directory: Path, scratch: Path, tag: str) -> None:
        self.directory = directory
        self.percents: list[float] = []
        self.staged: list[str] = []
        self._scratch = scratch
        self._tag = tag
        directory.mkdir(parents=True)
        scratch.mkdir(parents=True, exist_ok=True)

    async def source(self, url: str) -> Path:
        return existing(url)

    async def keep(self, path: Path, name: str) -> str:
        kept = self._scratch / f"{self._tag}.{name}"
        shutil.move(path, kept)
        return file_url(kept)

    async def stage(self, path: Path, url: str) -> None:
        target = Path(unquote(url.removeprefix("file://")))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        self.staged.append(url)

    def progress(self, percent: float) -> None:
        self.percents.append(percent)
