"""A fetcher on a directory of its own, and a web server that it may fetch from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver

from contracts.units import FetchWork
from services.intake.fetch_handlers import Fetcher, broken_off
from shared.settings import Settings
from tests.files import files_below
from tests.media.attempt import LocalAttempt, existing
from tests.web.server import WebServer

FLOW = "f" * 32
QUICK: dict[str, Any] = {"fetch_networks": "127.0.0.0/8", "fetch_connect_s": 10.0, "fetch_stall_s": 20.0}


@dataclass
class House:
    """Fetches into `work`, keeps in `scratch`; each fetch is an attempt of its own."""

    web: WebServer
    directory: Path
    attempts: int = 0

    async def fetch(self, path: str, resolver: AbstractResolver | None = None, **settings: Any) -> bytes:
        """What a fetch brings, by a URL or a page of the server."""
        url = path if "://" in path else self.web.url(path)
        made = await Fetcher(self.settings(**settings), resolver)(FetchWork(url=url, flow_id=FLOW), self.attempt())
        [file] = made.files
        kept = existing(file.url)
        assert (file.name, file.size_bytes) == ("source", kept.stat().st_size)
        return kept.read_bytes()

    def settings(self, **changed: Any) -> Settings:
        """Short times; the loopback allowed."""
        return Settings(work_dir=self.directory / "work", **(QUICK | changed))

    def attempt(self) -> LocalAttempt:
        """The next attempt."""
        self.attempts += 1
        name = f"fetch.{self.attempts}.1"
        self.last = LocalAttempt(self.directory / "units" / name, self.directory / "scratch", name)
        return self.last

    @property
    def broken_off(self) -> Path:
        """Where a copy lies that can be gone on with."""
        return broken_off(self.settings()) / FLOW

    @property
    def left(self) -> list[Path]:
        """Files of fetches that have brought nothing."""
        places = (self.directory / "work", self.directory / "scratch")
        return [path for place in places for path in files_below(place)]


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server."""
    with WebServer() as server:
        yield server


@pytest.fixture
def house(web: WebServer, tmp_path: Path) -> House:
    """Fetches from it."""
    return House(web, tmp_path)
