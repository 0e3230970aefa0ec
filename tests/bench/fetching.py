"""`python -m tests.bench.fetching URL DIRECTORY`: fetch as intake does; print the seconds and the memory it took."""

import asyncio
import json
import sys
import time
from pathlib import Path

from contracts.units import FetchWork
from services.intake.fetch_handlers import Fetcher
from shared.settings import Settings
from tests.media.attempt import LocalAttempt


async def fetch(url: str, directory: Path) -> dict[str, float]:
    """Seconds, and by how many bytes the most memory in use grew."""
    fetcher = Fetcher(Settings(work_dir=directory, fetch_networks="127.0.0.0/8"))
    attempt = LocalAttempt(directory / "attempt", directory / "kept", "fetch")
    before = await asyncio.to_thread(_peak_bytes, forget=True)
    begin = time.monotonic()
    await fetcher(FetchWork(url=url, flow_id="f" * 32), attempt)
    took_s = time.monotonic() - begin
    return {"seconds": took_s, "grown_bytes": await asyncio.to_thread(_peak_bytes) - before}


def _peak_bytes(*, forget: bool = False) -> int:
    """The most memory in use since it was last asked to forget (proc(5)); rusage tells of the parent's, too."""
    if forget:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(fetch(sys.argv[1], Path(sys.argv[2])))))
