"""Fetching a unit's pictures with ffmpeg, batch by batch, into the attempt's directory."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from contracts.codes import SOURCE_MALFORMED
from contracts.units import PicturesWork, Shot
from shared.attempt import Attempt
from shared.errors import InexactError, MediaError
from shared.ffmpeg_run import encode
from shared.overlay import Drawn

from .frames import Needed, batches
from .render import scan, seek, sheets

_TILE_BYTES_PER_PIXEL = 3


class Fetch:
    """One attempt's pictures."""

    def __init__(
        self, work: PicturesWork, source: Path, attempt: Attempt, stall_s: float, marks: Sequence[Drawn] = ()
    ) -> None:
        self._work = work
        self._source = source
        self._attempt = attempt
        self._stall_s = stall_s
        self._marks = marks

    async def stills(self, wanted: Needed) -> list[Path]:
        """A file for each shot; shots on one picture share a file. Raises as `take` does."""
        found: list[Path] = []
        for number, shots in enumerate(batches(self._work, wanted.frames)):
            found += await self._batch(f"{self._work.method}-{number}", shots)
        numbers = self._present(wanted, len(found))
        return [found[n] for n in numbers]

    async def tiles(self, wanted: Needed) -> Path:
        """One file with the shots' raw tiles one after another, in their order."""
        parts: list[Path] = []
        for number, shots in enumerate(batches(self._work, wanted.frames)):
            parts += await self._batch(f"{self._work.method}-{number}", shots)
        size = self._work.framing.width * self._work.framing.height * _TILE_BYTES_PER_PIXEL
        joined = self._attempt.directory / "tiles.rgb"
        return await asyncio.to_thread(self._joined, parts, size, wanted, joined)

    async def laid_out(self, tiles: Path) -> list[Path]:
        """The sheets."""
        assert self._work.sheets is not None
        directory = self._attempt.directory
        await self._run(sheets(tiles, self._work, _pattern(directory, "sheet", self._work.format)))
        return [directory / f"sheet-{n}.{self._work.format}" for n in range(len(self._work.sheets.urls))]

    async def _batch(self, name: str, shots: Sequence[Shot]) -> list[Path]:
        directory, raw = self._attempt.directory, self._work.sheets is not None
        extension = "rgb" if raw else self._work.format
        files = [directory / f"{name}-{n}.{extension}" for n in range(len(shots))]
        if self._work.method == "seek":
            await self._run(seek(self._work, self._source, shots, files, self._marks))
        else:
            target = directory / f"{name}.rgb" if raw else _pattern(directory, name, extension)
            await self._run(scan(self._work, self._source, shots, target, self._marks))
            files = [target] if raw else files
        return await asyncio.to_thread(lambda: [path for path in files if path.is_file() and path.stat().st_size])

    async def _run(self, argv: list[str]) -> None:
        await encode(argv, self._attempt, self._work.duration_s, stall_s=self._stall_s)

    def _present(self, wanted: Needed, count: int) -> list[int]:
        """Numbers of the pictures to use for the shots, of `count` that came."""
        if count == 0:
            raise MediaError("no picture could be decoded", SOURCE_MALFORMED)
        if self._work.times == "kept" and count != len(wanted.frames):
            raise InexactError(f"{count} pictures instead of {len(wanted.frames)}")
        return [min(n, count - 1) for n in wanted.of_shot]

    def _joined(self, parts: Sequence[Path], size: int, wanted: Needed, joined: Path) -> Path:
        raw = b"".join(part.read_bytes() for part in parts)
        with joined.open("wb") as file:
            for n in self._present(wanted, len(raw) // size):
                file.write(raw[n * size : (n + 1) * size])
        return joined


def _pattern(directory: Path, name: str, extension: str) -> Path:
    """A numbered file name as image2 takes it; a percent sign in the directory is none of its business."""
    return Path(str(directory).replace("%", "%%")) / f"{name}-%d.{extension}"
