"""A web server on the loopback for players: pages, the players themselves, and media with byte ranges."""

import asyncio
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

PAGES = Path(__file__).with_name("pages")
PLAYERS = Path(sys.prefix) / "players" / "node_modules"
"""Where deploy/local/setup puts what package.json names."""


@dataclass(frozen=True)
class Served:
    """One request for media and how it was answered."""

    path: str
    range: str
    status: int


@dataclass
class MediaServer:
    """Serves `media` as /media/, on a port of its own, by a thread of its own."""

    media: Path
    served: list[Served] = field(default_factory=list)
    port: int = 0

    def url(self, path: str) -> str:
        """The address of a page, or of /media/..."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="media-server")
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(timeout=20)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(timeout=20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application()
        app.on_response_prepare.append(self._note)
        app.router.add_static("/pages/", PAGES)
        app.router.add_static("/players/", PLAYERS)
        app.router.add_static("/media/", self.media)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    async def _note(self, request: web.Request, answer: web.StreamResponse) -> None:
        if request.path.startswith("/media/"):
            path = request.path.removeprefix("/media/")
            self.served.append(Served(path, request.headers.get("Range", ""), answer.status))
        answer.headers["Cache-Control"] = "no-store"
