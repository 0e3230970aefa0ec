"""Plays a manifest in a browser."""

from typing import Literal

from selenium.webdriver import Chrome

from tests.playback.played import Played
from tests.playback.server import MediaServer

Player = Literal["hls", "dash"]
RATE = 4  # Chromium mutes what is faster
PATIENCE_S = 30
WATCH = """
const done = arguments[arguments.length - 1];
watch(arguments[0], arguments[1], arguments[2]).then(done, (error) => done({ fault: String(error.stack) }));
"""


def play(browser: Chrome, server: MediaServer, manifest: str, player: Player) -> Played:
    """Play `manifest` (a path below the server's media) to its end or its first fatal error."""
    browser.get(server.url(f"pages/{player}.html"))
    seen = browser.execute_async_script(WATCH, server.url(f"media/{manifest}"), RATE, PATIENCE_S)
    assert "fault" not in seen, seen["fault"]
    return Played.model_validate(seen)
