"""Playlists and scripts that pose as videos make nobody read the canary: neither its file nor its port."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts import codes
from shared.errors import MediaError
from shared.media import probe
from tests.e2e.sources import SHORT
from tests.integration.intake.conftest import House
from tests.media.canary import Canary
from tests.media.canary import canary as made_canary
from tests.web.server import File, WebServer

HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n{}#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n"
MPD = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>'
    "<Representation id='1' mimeType='video/mp4'><BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>"
)
SCRIPTS = {
    "m3u8": HLS.format("", "{place}"),
    "m3u": HLS.format('#EXT-X-KEY:METHOD=AES-128,URI="{place}"\n', "{place}"),
    "M3U8": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{place}\n",
    "ffconcat": "ffconcat version 1.0\nfile '{place}'\n",
    "mpd": MPD.format("{place}"),
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\na=control:{place}\nm=video 5004 RTP/AVP 33\n",
    "ffmeta": ";FFMETADATA1\ntitle={place}\n",
    "asx": "<asx version='3.0'><entry><ref href='{place}'/></entry></asx>",
    "ram": "RTSPtext\n{place}\n",
    "xml": '<?xml version="1.0"?><CompositionPlaylist><Id>{place}</Id></CompositionPlaylist>',
    "avs": 'AviSource("{place}")\n',
}
"""What they say, by the extension of those who say it openly."""
PLACES = ("file://{path}", "http://127.0.0.1:{port}/canary.mp4", "{path}")


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    with made_canary(tmp_path / "canary.mp4", SHORT.read_bytes()) as bird:
        yield bird
        assert not bird.touched


def test_the_canary_hears_what_is_done_to_it(tmp_path: Path) -> None:
    with made_canary(tmp_path / "canary.mp4", b"x") as bird:
        assert not bird.touched
        bird.path.read_bytes()
        assert bird.touched
        assert not bird.touched
        socket.create_connection(("127.0.0.1", bird.port)).close()
        assert bird.touched


@pytest.mark.parametrize("kind", SCRIPTS)
async def test_a_script_is_not_followed(kind: str, house: House, web: WebServer, canary: Canary) -> None:
    """Nor is a playlist whose name and type say that it is something else; of an honest one see test_hls."""
    for place, suffix in zip(PLACES, ("mp4", "mp4", kind), strict=True):
        script = SCRIPTS[kind].format(place=place.format(path=canary.path, port=canary.port)).encode()
        web.pages["/film.mp4"] = File(script)
        assert await house.fetch("/film.mp4") == script
        copy = house.directory / f"copy.{suffix}"
        copy.write_bytes(script)
        with pytest.raises(MediaError) as error:
            await probe(copy)
        assert error.value.code in (codes.SOURCE_MALFORMED, codes.SOURCE_UNSUPPORTED)
