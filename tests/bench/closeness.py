"""How close a result comes to its source: PSNR, picture by picture, by ffmpeg's own filter."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

MOST_DB = 60.0
"""What counts as equal: nobody sees a difference above it, and identical pictures have no PSNR at all."""
_SAID = re.compile(r"^n:\d+ .* psnr_avg:(\S+)", re.MULTILINE)


async def decibels(source: Path, made: Path, pictures: int) -> list[float]:
    """PSNR of each picture over its three planes. AssertionError unless both files have so many, of one size."""
    told = made.with_name(f"{made.name}.psnr")
    counted = "settb=1/25,setpts=N"
    graph = f"[0:v]{counted}[a];[1:v]{counted}[b];[b][a]psnr=stats_file={told.name}:shortest=1"
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(source), "-i", str(made), "-filter_complex", graph]
    quiet = ["-fps_mode", "passthrough", "-enc_time_base", "1/25", "-f", "null", "-"]
    process = await asyncio.create_subprocess_exec(*argv, *quiet, cwd=made.parent)
    assert await process.wait() == 0
    values = [float(value) for value in _SAID.findall(await asyncio.to_thread(told.read_text))]
    assert len(values) == pictures, (len(values), pictures)
    return [min(MOST_DB, value) for value in values]


def around(values: Sequence[float], seam: int, reach: int) -> float:
    """The mean of `reach` pictures on both sides of a seam."""
    return fmean(values[max(0, seam - reach) : seam + reach])
