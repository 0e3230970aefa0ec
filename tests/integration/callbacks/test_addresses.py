"""Nothing near us is posted to unless a setting lists it, by whatever way it is named."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from tests.integration.callbacks.house import House, event
from tests.integration.callbacks.receivers import Answer, Receiver, always, receiving
from tests.integration.intake.test_guarded import BAD, GOOD, Names

ONLY_GOOD = f"{GOOD}/32"


@pytest.fixture
async def canary(receiver: Receiver) -> AsyncIterator[Receiver]:
    """A receiver on an address that is refused, at the same port as the good one; it must hear nothing."""
    async with receiving(BAD, receiver.port) as other:
        yield other
    assert other.got == []


async def reason(house: House, url: str, *, names: Names | None = None, **asked: Any) -> str:
    """Why an event that was to be posted there is a dead letter."""
    subscription = await house.put(url, strategy="BACKOFF_RETRY", **asked)
    async with house.replica(networks=ONLY_GOOD, resolver=names):
        await house.tell(subscription, event("a", 1))
        (dead,) = await house.dead(subscription)
    return str(dead.headers["x-vodflow-reason"])


def redirect(location: str, status: int = 307) -> Answer:
    """To somewhere else."""
    return always(status, Location=location)


@pytest.mark.parametrize("host", [BAD, f"[::ffff:{BAD}]", "[::1]", "0.0.0.0"])
async def test_an_address_that_is_not_listed(host: str, house: House, receiver: Receiver, canary: Receiver) -> None:
    told = await reason(house, receiver.url(host=host))
    assert "VODFLOW_CALLBACK_NETWORKS" in told
    assert told.endswith("after 4 tries")


async def test_a_name_that_leads_there(house: House, receiver: Receiver, canary: Receiver) -> None:
    told = await reason(house, receiver.url(host="hooks.example"), names=Names([BAD]))
    assert told == f"{BAD} is an address that is not posted to (VODFLOW_CALLBACK_NETWORKS) after 4 tries"


async def test_a_name_that_moves_there_between_two_tries(house: House, receiver: Receiver, canary: Receiver) -> None:
    receiver.answer = always(500, Connection="close")
    told = await reason(house, receiver.url(host="hooks.example"), names=Names([GOOD], [GOOD], [BAD]))
    assert len(receiver.got) == 2
    assert told.startswith(f"{BAD} is an address")


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_there(status: int, house: House, receiver: Receiver, canary: Receiver) -> None:
    receiver.answer = redirect(canary.url(), status)
    assert "VODFLOW_CALLBACK_NETWORKS" in await reason(house, receiver.url())
    assert len(receiver.got) == 4


async def test_a_redirect_to_a_name_that_leads_there(house: House, receiver: Receiver, canary: Receiver) -> None:
    receiver.answer = redirect(canary.url(host="hooks.example"))
    assert (await reason(house, receiver.url(), names=Names([BAD]))).startswith(f"{BAD} is an address")


async def test_another_scheme_behind_a_redirect(house: House, receiver: Receiver) -> None:
    receiver.answer = redirect("file:///etc/passwd")
    assert "VODFLOW_CALLBACK_SCHEMES" in await reason(house, receiver.url())


@pytest.mark.parametrize("location", ["http://[", "http://127.0.0.1:99999/", "//", "\t"])
async def test_a_redirect_to_no_url(location: str, house: House, receiver: Receiver) -> None:
    receiver.answer = redirect(location)
    assert (await reason(house, receiver.url())).endswith("after 4 tries")


async def test_a_redirect_within_what_is_listed(house: House, receiver: Receiver) -> None:
    async def answer(request: web.Request, body: bytes) -> web.StreamResponse:
        if request.path == "/hook":
            return web.Response(status=308, headers={"Location": "/there?x=1"})
        return web.Response(status=200)

    receiver.answer = answer
    subscription = await house.put(receiver.url())
    async with house.replica(networks=ONLY_GOOD):
        await house.tell(subscription, event("a", 1))
        await receiver.has(1)
    assert [one.path for one in receiver.got] == ["/hook", "/there?x=1"]
    assert receiver.got[0].body == receiver.got[1].body


@pytest.mark.parametrize("status", [301, 302, 303, 304, 300])
async def test_a_redirect_that_does_not_keep_a_post(status: int, house: House, receiver: Receiver) -> None:
    receiver.answer = redirect(receiver.url("/there"), status)
    assert await reason(house, receiver.url()) == f"HTTP {status} after 4 tries"
    assert {one.path for one in receiver.got} == {"/hook"}


async def test_redirects_without_an_end(house: House, receiver: Receiver) -> None:
    receiver.answer = redirect("/hook")
    assert await reason(house, receiver.url()) == "more than 3 redirects after 4 tries"
    assert len(receiver.got) == 16


async def test_secrets_are_not_told(house: House, receiver: Receiver, capfd: pytest.CaptureFixture[str]) -> None:
    receiver.answer = always(500)
    told = await reason(house, receiver.url("/hook?token=hidden-word"), secret="a-hidden-word-too")
    logged = capfd.readouterr()
    assert "an event could not be posted" in logged.out + logged.err
    assert "hidden-word" not in told + logged.out + logged.err
