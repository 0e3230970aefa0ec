"""Hand-written stand-ins that more than one kind of test uses."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from contracts.subtasks import TranscodeOutput
from shared.attempt import Attempt, Made

Then = Callable[[Any, Attempt], Awaitable[Made]]


def output(url: str) -> TranscodeOutput:
    """A result as a worker would tell it."""
    return TranscodeOutput(url=url, container="mp4", size_bytes=7, duration_s=1.0, bitrate_kbps=1.0)


class FakeWork:
    """A worker's function that waits until it may go on, and notes what was asked of it.

    It stages a file with `content` at the work's URL. `error` is raised instead, when set.
    """

    def __init__(self, content: bytes = b"content") -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.error: Exception | None = None
        self.begins = 0
        self.interrupted = 0
        self.directories: list[Path] = []
        self._content = content

    async def __call__(self, work: Any, attempt: Attempt) -> Made:
        self.begins += 1
        self.directories.append(attempt.directory)
        path = attempt.directory / "made.mp4"
        path.write_bytes(self._content)
        await attempt.stage(path, work.url)
        attempt.progress(50)
        self.begun.set()
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.interrupted += 1
            raise
        if self.error is not None:
            raise self.error
        return Made(output=output(work.url))
