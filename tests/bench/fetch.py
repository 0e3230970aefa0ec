"""Fetching from a local web server, beside curl from the same server; and the memory that it takes."""

import asyncio
import json
import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.stack import Stack
from tests.bench.figure import Figure, spread
from tests.bench.sources import Sources
from tests.bench.starts import Starts

ROUNDS, LARGE_ROUNDS = 11, 3
SMALL_BYTES, LARGE_BYTES = 64_000_000, 1_000_000_000
MOST_TIMES = 1.11
"""0.9 of its speed."""
MOST_GROWN_MB = 32


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """Files without holes in what is sent, though none of it is on a disk; rounds of each by turns."""
    folder = stack.environment.storage_root / "fetch"
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    for size in (SMALL_BYTES, LARGE_BYTES):
        with (folder / f"{size}.mp4").open("wb") as file:
            file.truncate(size)
    async with _served(folder) as address:
        small, large = (f"{address}/{size}.mp4" for size in (SMALL_BYTES, LARGE_BYTES))
        pairs = [(await _curl_s(small, folder), await _fetched(small, folder)) for _ in range(ROUNDS)]
        long = [(await _curl_s(large, folder), await _fetched(large, folder)) for _ in range(LARGE_ROUNDS)]
    return [*_figures("64 MB", pairs), *_figures("1 GB", long)]


def _figures(size: str, pairs: list[tuple[float, dict[str, float]]]) -> list[Figure]:
    ratios = [ours["seconds"] / curl_s for curl_s, ours in pairs]
    curl_s = statistics.median(one for one, _ in pairs)
    ours_s = statistics.median(ours["seconds"] for _, ours in pairs)
    grown = max(ours["grown_bytes"] for _, ours in pairs) / 1e6
    detail = f"{ours_s:.3g} s; pairs: {spread(ratios)}"
    return [
        Figure(f"fetch of {size}: time beside curl", ours_s / curl_s, "", MOST_TIMES, detail),
        Figure(f"fetch of {size}: memory", grown, "MB", MOST_GROWN_MB),
    ]


@asynccontextmanager
async def _served(folder: Path) -> AsyncIterator[str]:
    argv = [sys.executable, "-m", "tests.bench.serving", str(folder)]
    server = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    try:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(await server.stdout.readline())}"
    finally:
        server.kill()
        await server.wait()


async def _curl_s(url: str, folder: Path) -> float:
    argv = ["curl", "-s", "-f", "-o", str(folder / "curl"), "-w", "%{time_total}", url]
    took = float(await _said(argv))
    await asyncio.to_thread((folder / "curl").unlink)
    return took


async def _fetched(url: str, folder: Path) -> dict[str, float]:
    told: dict[str, float] = json.loads(await _said([sys.executable, "-m", "tests.bench.fetching", url, str(folder)]))
    await asyncio.to_thread((folder / "source.mp4").unlink)
    return told


async def _said(argv: list[str]) -> bytes:
    process = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0, argv
    return said
