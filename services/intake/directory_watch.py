"""Changes in directories, as the operating system tells them: watchfiles (inotify on Linux), in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from watchfiles import watch

STEP_MS = 100
"""Rest between two changes after which what changed is told."""
MOST_MS = 300
HEARD_MS = 1000
"""So often the watcher says that it still listens."""

Tell = Callable[[Iterable[str]], None]


async def listen(directories: Iterable[Path], tell: Tell, stop: threading.Event) -> None:
    """Tell the paths of what changes below directories, until `stop`; nothing at all: it listens.

    Each word comes on the event loop. Raises OSError when a directory can't be watched, or can't be any longer.
    """
    loop = asyncio.get_running_loop()
    paths = [str(directory) for directory in directories]

    def run() -> None:
        for changes in watch(
            *paths,
            watch_filter=None,
            debounce=MOST_MS,
            step=STEP_MS,
            stop_event=stop,
            rust_timeout=HEARD_MS,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            loop.call_soon_threadsafe(tell, {path for _, path in changes})

    try:
        await asyncio.to_thread(run)
    except asyncio.CancelledError:
        stop.set()
        raise
    except RuntimeError as error:
        raise OSError(str(error)) from error
