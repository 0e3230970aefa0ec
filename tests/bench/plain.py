"""The plain ffmpeg commands to compare with: the same filters, encoders and rates, threads as ffmpeg likes."""

import asyncio
import time
from pathlib import Path

from contracts.parameters import TranscodeParameters


def rendition(parameters: TranscodeParameters, width: int, target: Path, label: str = "0:v") -> list[str]:
    """Output options of one rendition; `label` is the picture, filtered already when it is a graph's output."""
    video, audio = parameters.video, parameters.audio
    kbps = video.bitrate_kbps
    return [
        *("-map", label, "-map", "0:a", "-c:v", "libx264", "-preset", "medium", "-profile:v", "high"),
        *("-b:v", f"{kbps}k", "-maxrate", f"{kbps * 1.5:.0f}k", "-bufsize", f"{kbps * 2}k", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-b:a", f"{audio.bitrate_kbps}k", "-ar", "44100", "-ac", "2"),
        *("-movflags", "+faststart", str(target)),
    ]


def filters(parameters: TranscodeParameters, width: int) -> str:
    """The picture's filters."""
    return f"fps={parameters.video.fps:g},scale={width}:{parameters.video.height}"


def one(source: Path, parameters: TranscodeParameters, width: int, target: Path) -> list[str]:
    """A command for one rendition."""
    graph = ["-filter_complex", f"[0:v]{filters(parameters, width)}[v]"]
    return ["-i", str(source), *graph, *rendition(parameters, width, target, "[v]")]


def ladder(source: Path, rungs: list[tuple[TranscodeParameters, int]], folder: Path) -> list[str]:
    """One command, one decode, every rendition."""
    split = f"[0:v]split={len(rungs)}" + "".join(f"[s{number}]" for number in range(len(rungs)))
    graph = [split] + [f"[s{number}]{filters(*rung)}[v{number}]" for number, rung in enumerate(rungs)]
    command = ["-i", str(source), "-filter_complex", ";".join(graph)]
    for number, (parameters, width) in enumerate(rungs):
        command += rendition(parameters, width, folder / f"{number}.mp4", f"[v{number}]")
    return command


async def seconds(arguments: list[str]) -> float:
    """How long ffmpeg takes with these arguments."""
    begin = time.monotonic()
    process = await asyncio.create_subprocess_exec("ffmpeg", "-v", "error", "-nostdin", "-y", *arguments)
    assert await process.wait() == 0
    return time.monotonic() - begin
