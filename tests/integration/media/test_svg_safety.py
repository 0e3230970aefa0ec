"""An SVG that names files, ports and protocols in every way that SVG has: what is drawn is what it draws itself."""

import asyncio
import base64
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from shared.errors import MediaError
from shared.svg_files import rendered
from tests.media import marked

HEAD = (
    "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
    "xmlns:xi='http://www.w3.org/2001/XInclude' width='32' height='16'"
)
TARGETS = [
    *("{file}", "{path}", "{name}", "./{name}", "{file}#a", "{drawing}", "{drawing}#a", "{drawing_name}#a", "{port}"),
    *("concat:{path}", "subfile,,start,0,end,0,,:{path}", "movie={path}", "pipe:0", "file:{path}"),
]
"""A red picture, a red drawing with a part called a, and a port, which nothing may read."""
WAYS = [
    "<image width='32' height='16' href='{target}'/>",
    "<image width='32' height='16' xlink:href='{target}'/>",
    "<use href='{target}' width='32' height='16'/>",
    "<use xlink:href='{target}'/>",
    "<rect width='32' height='16' fill='url({target})'/>",
    "<rect width='32' height='16' style='fill:url({target}#a)' filter='url({target})'/>",
    "<style>@import url('{target}'); rect {{ fill: url('{target}') }}</style>",
    "<style>@font-face {{ font-family: x; src: url('{target}') }}</style><text y='9' font-family='x'>x</text>",
    "<filter id='f'><feImage xlink:href='{target}'/></filter><rect width='9' height='9' filter='url(#f)'/>",
    "<pattern id='p' href='{target}' width='1' height='1'/><rect width='9' height='9' fill='url(#p)'/>",
    "<foreignObject width='32' height='16'><img src='{target}'/></foreignObject>",
    "<script href='{target}'>fetch('{target}')</script>",
    "<xi:include href='{target}'/>",
    "<xi:include href='{target}' parse='text'/>",
    "<a href='{target}'><text y='9'>x</text></a>",
    "<tref xlink:href='{target}'/>",
    "<cursor href='{target}'/><rect width='3' height='3' cursor='url({target})'/>",
]
BEFORE = [
    "",
    "<?xml-stylesheet href='{target}' type='text/css'?>",
    "<!DOCTYPE svg SYSTEM '{target}'>",
    "<!DOCTYPE svg [<!ENTITY % x SYSTEM '{target}'> %x;]>",
]


@pytest.fixture(scope="module")
def port() -> Iterator[socket.socket]:
    """Where nobody may come: whoever did would wait to be accepted."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def red(image: Image.Image) -> bool:
    """Whether anything red is on it."""
    raw = image.convert("RGBA").tobytes()
    return any(raw[n] > 100 and raw[n + 1] < 100 and raw[n + 3] for n in range(0, len(raw), 4))


def test_what_it_holds_itself_is_drawn(tmp_path: Path) -> None:
    canary = base64.b64encode(marked.image(tmp_path / "c.png", (32, 16), (255, 0, 0, 255)).read_bytes()).decode()
    source = tmp_path / "asked.svg"
    source.write_text(f"<svg {HEAD}><image width='32' height='16' href='data:image/png;base64,{canary}'/></svg>")
    assert red(asyncio.run(rendered(source, (0, 0), tmp_path / "made.png", 10)))


@given(
    before=st.tuples(st.sampled_from(BEFORE), st.sampled_from(TARGETS)),
    drawn=st.lists(st.tuples(st.sampled_from(WAYS), st.sampled_from(TARGETS)), min_size=1, max_size=6),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_outside_is_read(port: socket.socket, before: tuple[str, str], drawn: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        here = Path(directory)
        canary = marked.image(here / "canary.png", (32, 16), (255, 0, 0, 255))
        other = here / "other.svg"
        other.write_text(f"<svg {HEAD}><rect id='a' width='32' height='16' fill='#f00'/></svg>")
        known = {
            "file": canary.as_uri(),
            "path": str(canary),
            "name": canary.name,
            "drawing": other.as_uri(),
            "drawing_name": other.name,
            "port": f"http://127.0.0.1:{port.getsockname()[1]}/a.svg",
        }
        parts = [way.format(target=target.format(**known)) for way, target in (before, *drawn)]
        source = here / "asked.svg"
        source.write_text(f"{parts[0]}<svg {HEAD}>{''.join(parts[1:])}<circle cx='2' cy='2' r='2' fill='#0f0'/></svg>")

        try:
            image = asyncio.run(rendered(source, (0, 0), here / "made.png", 10))
        except MediaError:
            image = None

        with pytest.raises(BlockingIOError):
            port.accept()
        if image is not None:
            assert not red(image)
            assert image.getpixel((2, 2)) == (0, 255, 0, 255)
