"""A file and a port that nobody may touch, and whether somebody did."""

import ctypes
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_IN_OPEN = 0x20
_LIBC = ctypes.CDLL(None, use_errno=True)


class Canary:
    """Listens on `port` of the loopback and watches `path` being opened."""

    def __init__(self, path: Path, port: int, inotify: int, listener: socket.socket) -> None:
        self.path = path
        self.port = port
        self._inotify = inotify
        self._listener = listener

    @property
    def touched(self) -> bool:
        """Whether the file was opened or the port connected to, since it was last asked."""
        opened = connected = False
        with suppress(BlockingIOError):
            opened = bool(os.read(self._inotify, 4096))
        with suppress(BlockingIOError):
            self._listener.accept()[0].close()
            connected = True
        return opened or connected


@contextmanager
def canary(path: Path, content: bytes) -> Iterator[Canary]:
    """A canary whose file, at `path`, has this content."""
    path.write_bytes(content)
    inotify = _LIBC.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    assert _LIBC.inotify_add_watch(inotify, os.fsencode(path), _IN_OPEN) > 0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield Canary(path, listener.getsockname()[1], inotify, listener)
    os.close(inotify)
