"""Reading a source's subtitles: damaged ones are left out and told of, and never fail a unit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contracts.subtitle_work import SubtitlesIn
from contracts.units import MadeFile, TranscodeWork
from shared.attempt import Attempt
from shared.cues import Cue, read, subrip, windowed
from shared.errors import MediaError
from shared.ffmpeg_run import encode
from shared.subtitled import Subtitle, lost, written

from .subtitles import reading


@dataclass(frozen=True)
class Fetched:
    """The cues of each track in which there are any, by the track's index; and what to tell of the others."""

    cues: dict[int, list[Cue]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        """To be told with a result that keeps the tracks."""
        return [*self.lost, *self.damaged]


async def fetched(asked: SubtitlesIn | None, source: Path, attempt: Attempt, stall_s: float) -> Fetched:
    """The window's cues of every track asked for."""
    if asked is None:
        return Fetched()
    files = {track.index: attempt.directory / f"subtitles{track.index}.srt" for track in asked.tracks}
    errors = await _read(files, source, attempt, stall_s)
    made = Fetched()
    for track in asked.tracks:
        cues = windowed(await asyncio.to_thread(_cues, files[track.index]), asked.start_s, asked.end_s)
        if cues:
            made.cues[track.index] = cues
        else:
            made.lost.append(lost(track))
    if errors and made.cues:
        made.damaged.append("some of the subtitles could not be read")
    return made


async def _read(files: dict[int, Path], source: Path, attempt: Attempt, stall_s: float) -> Sequence[str]:
    """All tracks in one run, or each alone where that fails; what ffmpeg complained of."""
    try:
        return await encode(reading(source, files), attempt, None, stall_s=stall_s)
    except MediaError as error:
        if len(files) == 1:
            return [error.message]
        said = [await _read({index: path}, source, attempt, stall_s) for index, path in files.items()]
        return [line for lines in said for line in lines]


def _cues(path: Path) -> list[Cue]:
    return read(path.read_text("utf-8", "replace")) if path.exists() else []


async def kept(text: Fetched, attempt: Attempt) -> list[MadeFile]:
    """Each track in scratch storage, for the joins that mux it."""
    made = []
    for index, cues in text.cues.items():
        path = await asyncio.to_thread(_write, attempt.directory / f"kept{index}.srt", subrip(cues))
        url = await attempt.keep(path, f"subtitles-{index}.srt")
        size_bytes = len(subrip(cues).encode())
        made.append(MadeFile(name=f"subtitles-{index}", url=url, size_bytes=size_bytes, notes=text.damaged))
    return made


async def laid_out(work: TranscodeWork, text: Fetched, directory: Path) -> dict[str, list[Subtitle]]:
    """Files to mux, by output."""
    made: dict[str, list[Subtitle]] = {}
    tracks = work.subtitles.tracks if work.subtitles else []
    for codec in {output.subtitles for output in work.outputs if output.subtitles}:
        found = [
            Subtitle(
                track,
                await asyncio.to_thread(
                    _write, directory / f"{codec}{track.index}.srt", written(text.cues[track.index], codec)
                ),
            )
            for track in tracks
            if track.index in text.cues
        ]
        made |= {output.name: found for output in work.outputs if output.subtitles == codec}
    return made


def _write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path
