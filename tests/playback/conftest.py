"""One browser and one web server for all playbacks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.playback.browser import installed, started
from tests.playback.server import PLAYERS, MediaServer


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Chromium, without a window."""
    found = installed()
    if found is None or not PLAYERS.is_dir():
        missing = "deploy/local/setup tests installs Chromium, chromedriver and the players"
        (pytest.fail if "CI" in os.environ else pytest.skip)(missing)
    with started(*found, tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MediaServer]:
    """Serves what lies in the test's own directory."""
    with MediaServer(tmp_path) as running:
        yield running
