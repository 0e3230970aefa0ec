"""Asking the web for something, under the rules: every hop is checked, every connection is."""

import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from contracts import codes
from shared.errors import MediaError, RequestError, TransientError, WorkError
from shared.guarded import guarded_session, refusal
from shared.log import logger
from shared.settings import Settings
from shared.web_rules import MEND, shown

_REDIRECTS = (301, 302, 303, 307, 308)
_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


class Web:
    """One session with the web. Use as an asynchronous context."""

    def __init__(self, settings: Settings, resolver: AbstractResolver | None = None) -> None:
        self._rules = settings.web_rules
        self._most_redirects = settings.fetch_redirects
        timeout = aiohttp.ClientTimeout(sock_connect=settings.fetch_connect_s, sock_read=settings.fetch_stall_s)
        self._session = guarded_session(self._rules.networks, timeout, resolver=resolver)

    async def __aenter__(self) -> "Web":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer to a GET, redirects followed; what fails while it is read comes out as an error of ours, too.

        Raises:
            MediaError: the URL, a redirect's or an address is refused; no such host; a certificate not to be trusted.
            TransientError: no connection, or it broke.
        """
        asked = {"Accept-Encoding": "identity", **headers}
        place = self._checked(url)
        with _explained(place):
            for _ in range(self._most_redirects + 1):
                async with self._session.get(place, headers=asked, allow_redirects=False) as answer:
                    if answer.status not in _REDIRECTS:
                        yield answer
                        return
                    place = self._next(place, answer.headers.get("Location", ""))
        text = f"more than {self._most_redirects} redirects: do they go in circles? (VODFLOW_FETCH_REDIRECTS)"
        raise MediaError(f"{shown(url)}: {text}", codes.SOURCE_NOT_ACCESSIBLE)

    def _next(self, place: URL, location: str) -> URL:
        if not location:
            raise MediaError(f"{shown(str(place))}: redirects to nowhere", codes.SOURCE_NOT_ACCESSIBLE)
        try:
            joined = place.join(URL(location, encoded=location.isascii()))
        except ValueError as error:
            raise MediaError(f"{shown(str(place))}: redirects to no URL", codes.SOURCE_NOT_ACCESSIBLE) from error
        return self._checked(str(joined))

    def _checked(self, url: str) -> URL:
        try:
            return self._rules.checked(url)
        except RequestError as error:
            raise MediaError(error.message, codes.SOURCE_REFUSED) from error


@contextmanager
def _explained(place: URL) -> Iterator[None]:
    """What goes wrong with a connection, as an error of ours."""
    told = shown(str(place))
    try:
        yield
    except (aiohttp.ClientError, OSError) as error:
        raise _failure(error, told) from error


def _failure(error: Exception, told: str) -> WorkError:
    if refused := refusal(error):
        logger().warning("an address is refused", url=told, address=refused.address)
        return MediaError(f"{told}: its host has no public address; {MEND}", codes.SOURCE_REFUSED)
    if isinstance(error, aiohttp.ClientConnectorDNSError) and error.os_error.errno in _NO_SUCH_NAME:
        return MediaError(f"{told}: there is no host of this name", codes.SOURCE_NOT_ACCESSIBLE)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return MediaError(f"{told}: its host's certificate is not to be trusted", codes.SOURCE_NOT_ACCESSIBLE)
    if isinstance(error, TimeoutError):
        return TransientError(f"{told}: no answer in time", codes.SOURCE_NOT_ACCESSIBLE)
    said = " ".join(str(error).split())[:200] or type(error).__name__
    return TransientError(f"{told}: the connection failed: {said}", codes.SOURCE_NOT_ACCESSIBLE)
