"""Posts requests to addresses that may be posted to, and waits for the status alone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver
from prometheus_client import Counter, Histogram
from yarl import URL

from shared.errors import RequestError
from shared.guarded import guarded_session, refusal
from shared.web_rules import WebRules, shown

from .requests import Request
from .schedule import Result

TRIES = Counter("vodflow_callback_tries_total", "Posts of events to receivers, by how they ended.", ["result"])
SECONDS = Histogram("vodflow_callback_seconds", "How long receivers took, redirects included.")

TIMEOUT_S = 15.0
CONNECT_S = 10.0
REDIRECTS = 3
AT_ONCE = 256
_READ_BYTES = 4096
_KEEPS_POST = (307, 308)


@dataclass(frozen=True)
class Outcome:
    """How a try ended; why, when it failed."""

    result: Result
    reason: str = ""


class _Misled(Exception):
    """A redirect that is not followed."""


class Poster:
    """Posts for all subscriptions, so many at once."""

    def __init__(self, session: aiohttp.ClientSession, rules: WebRules, timeout_s: float) -> None:
        self._session = session
        self._rules = rules
        self._timeout_s = timeout_s
        self._free = asyncio.Semaphore(AT_ONCE)

    async def post(self, request: Request) -> Outcome:
        """One try. Never raises but on cancellation."""
        async with self._free:
            begun = time.monotonic()
            outcome = await self._tried(request)
            SECONDS.observe(time.monotonic() - begun)
        TRIES.labels(outcome.result).inc()
        return outcome

    async def _tried(self, request: Request) -> Outcome:
        at: list[URL] = []
        try:
            async with asyncio.timeout(self._timeout_s):
                status = await self._followed(request, at)
        except (RequestError, _Misled) as error:
            return Outcome(Result.FAILED, str(error))
        except aiohttp.ConnectionTimeoutError:
            return _unconnected(at, f"no connection within {CONNECT_S:g} s")
        except TimeoutError:
            return Outcome(Result.LATE, f"no answer within {self._timeout_s:g} s")
        except aiohttp.ClientSSLError as error:
            return Outcome(Result.FAILED, f"TLS: {error}")
        except aiohttp.ClientConnectorError as error:
            if refused := refusal(error):
                setting = f"{self._rules.settings}_NETWORKS"
                return Outcome(Result.FAILED, f"{refused.address} is an address that is not posted to ({setting})")
            return _unconnected(at, f"no connection: {error.os_error}")
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            return Outcome(Result.BROKEN, f"the connection broke before an answer: {error}")
        except (aiohttp.ClientError, ValueError) as error:
            return Outcome(Result.FAILED, f"no HTTP answer: {type(error).__name__}: {error}")
        return Outcome(Result.DONE) if 200 <= status < 300 else Outcome(Result.FAILED, f"HTTP {status}")

    async def _followed(self, request: Request, at: list[URL]) -> int:
        """The status behind at most three redirects that keep a POST one; `at`: every address on the way."""
        url = self._rules.checked(request.url)
        while True:
            at.append(url)
            async with self._session.post(
                url, data=request.body, headers=request.headers, allow_redirects=False
            ) as response:  # left with its body unread, the connection is dropped
                if response.status not in _KEEPS_POST:
                    return response.status
                location = response.headers.get("Location", "")
            if len(at) > REDIRECTS:
                raise _Misled(f"more than {REDIRECTS} redirects")
            url = self._next(url, location)

    def _next(self, url: URL, location: str) -> URL:
        if not location:
            raise _Misled("a redirect without a location")
        there = self._rules.checked(str(url.join(URL(location, encoded=location.isascii()))))
        if url.scheme == "https" and there.scheme != "https":
            raise _Misled(f"a redirect from https to {shown(str(there))}")
        return there


@asynccontextmanager
async def poster(rules: WebRules, *, resolver: AbstractResolver | None = None) -> AsyncIterator[Poster]:
    """A poster for as long as the context lasts."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
    session = guarded_session(rules.networks, timeout, connections=AT_ONCE, resolver=resolver, read_bytes=_READ_BYTES)
    async with session:
        yield Poster(session, rules, TIMEOUT_S)


def _unconnected(at: list[URL], reason: str) -> Outcome:
    """At a receiver that does not answer at all no event is at fault; behind a redirect the receiver answered."""
    return Outcome(Result.AWAY if len(at) == 1 else Result.FAILED, reason)
