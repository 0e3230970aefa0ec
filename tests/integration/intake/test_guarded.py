"""Nothing near us is connected to, by whatever way it is named: a canary on another loopback address hears nothing."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from contracts import codes
from shared.errors import MediaError, TransientError
from tests.integration.intake.conftest import House
from tests.web.server import Asked, File, Line, WebServer, redirect

GOOD, BAD = "127.0.0.1", "127.9.9.9"
ONLY_GOOD: dict[str, Any] = {"fetch_networks": "127.0.0.1/32"}
CONTENT = bytes(range(256)) * 2000


class Names(AbstractResolver):
    """A name service that gives these addresses, one set after the other, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0)
            for one in addresses
        ]

    async def close(self) -> None:
        return None


@pytest.fixture
def canary(web: WebServer) -> Iterator[WebServer]:
    """A server on an address that is refused, at the same port as the good one."""
    with WebServer(pages={"/film.mp4": File(CONTENT)}, host=BAD, port=web.port) as server:
        yield server
        assert server.asked == []


async def refused(house: House, url: str, names: Names | None = None) -> None:
    with pytest.raises(MediaError) as error:
        await house.fetch(url, names, **ONLY_GOOD)
    assert error.value.code == codes.SOURCE_REFUSED
    assert "VODFLOW_FETCH_NETWORKS" in error.value.message
    assert house.left == []


@pytest.mark.parametrize("host", [BAD, f"[::ffff:{BAD}]", "127.1.9.9", "[::]", "0.0.0.0", "localhost"])
async def test_an_address_or_a_name_of_this_machine(host: str, house: House, web: WebServer, canary: WebServer) -> None:
    names = Names([BAD]) if host == "localhost" else None
    await refused(house, web.url("/film.mp4", host), names)


@pytest.mark.parametrize("host", ["2130706434", "0x7f.9.9.9", "127.592137", "0", "0177.9.9.9", "films.0x7f"])
async def test_what_some_take_for_an_address(host: str, house: House, web: WebServer, canary: WebServer) -> None:
    with pytest.raises(MediaError) as error:
        await house.fetch(web.url("/film.mp4", host), Names([BAD]), **ONLY_GOOD)
    assert error.value.code == codes.SOURCE_REFUSED


async def test_a_name_with_such_an_address(house: House, web: WebServer, canary: WebServer) -> None:
    await refused(house, web.url("/film.mp4", "films.example"), Names([BAD]))


async def test_a_name_with_good_and_bad_addresses(house: House, web: WebServer, canary: WebServer) -> None:
    """Only the good one is connected to."""
    web.pages["/film.mp4"] = File(CONTENT)
    assert await house.fetch(web.url("/film.mp4", "films.example"), Names([BAD, GOOD]), **ONLY_GOOD) == CONTENT


async def test_a_redirect_there(house: House, web: WebServer, canary: WebServer) -> None:
    web.pages["/film.mp4"] = redirect(web.url("/film.mp4", BAD))
    await refused(house, "/film.mp4")


async def test_a_redirect_to_the_same_name_that_has_moved(house: House, web: WebServer, canary: WebServer) -> None:
    names = Names([GOOD], [BAD])
    web.pages["/here"] = redirect("/film.mp4")
    await refused(house, web.url("/here", "films.example"), names)
    assert names.asked == 2


async def test_a_name_that_moves_while_the_line_is_broken(house: House, web: WebServer, canary: WebServer) -> None:
    class Breaking(File):
        async def __call__(self, asked: Asked, line: Line) -> None:
            await self.head(line, 0, len(self.content))
            await line.send(self.content[: len(self.content) // 2])

    web.pages["/film.mp4"] = Breaking(CONTENT)
    await refused(house, web.url("/film.mp4", "films.example"), Names([GOOD], [BAD]))
    assert len(web.asked) == 1


async def test_a_proxy_of_the_environment_is_not_used(
    house: House, web: WebServer, canary: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.url(""))
    web.pages["/film.mp4"] = File(CONTENT)
    assert await house.fetch("/film.mp4", **ONLY_GOOD) == CONTENT


async def test_a_name_that_nobody_has(house: House) -> None:
    with pytest.raises((MediaError, TransientError)) as error:
        await house.fetch("http://no-such-host.invalid/film.mp4")
    assert error.value.code == codes.SOURCE_NOT_ACCESSIBLE


async def test_a_port_where_nobody_listens(house: House) -> None:
    with socket.socket() as taken:
        taken.bind((GOOD, 0))
        with pytest.raises(TransientError) as error:
            await house.fetch(f"http://{GOOD}:{taken.getsockname()[1]}/film.mp4")
    assert error.value.code == codes.SOURCE_NOT_ACCESSIBLE


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_scheme_that_is_not_allowed(scheme: str, house: House, web: WebServer) -> None:
    other = {"http": "https", "https": "http"}[scheme]
    with pytest.raises(MediaError) as error:
        await house.fetch(f"{scheme}://127.0.0.1:{web.port}/a", fetch_schemes=other)
    assert error.value.code == codes.SOURCE_REFUSED
    assert web.asked == []
