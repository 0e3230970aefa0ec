"""HTTP to anyone on the internet, but to nobody near us: every address is looked at as a connection to it is made.

Not the name but each address that is really connected to is checked, in the call that makes its socket: a redirect, a
second answer of the name service and an address in the URL itself all come by there. Used for sources and callbacks.
"""

import socket
from collections.abc import Sequence

import aiohttp
from aiohttp.abc import AbstractResolver

from .addresses import Network, allowed

READ_BYTES = 1 << 20
"""How much of an answer is read ahead at most, about."""
_NAME = {"User-Agent": "vodflow"}


class AddressRefused(OSError):
    """A connection to an address that is neither public nor listed."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is refused")
        self.address = address


def guarded_session(
    networks: Sequence[Network],
    timeout: aiohttp.ClientTimeout,
    *,
    connections: int = 8,
    resolver: AbstractResolver | None = None,
    read_bytes: int = READ_BYTES,
) -> aiohttp.ClientSession:
    """A session that connects to public addresses and those in `networks` only.

    It knows no proxy, no cookies, no netrc and doesn't decompress; redirects are its user's business. A refused address
    comes out as ClientConnectorError with an AddressRefused as `os_error`; see `refusal`.
    """

    def guarded_socket(info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        family, kind, protocol, _, sockaddr = info
        address = str(sockaddr[0])
        if family not in (socket.AF_INET, socket.AF_INET6) or not allowed(address, networks):
            raise AddressRefused(address)
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        limit=connections,
        use_dns_cache=False,
        happy_eyeballs_delay=None,  # one address after the other, so that what is refused is told
        resolver=resolver,
        socket_factory=guarded_socket,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        headers=_NAME,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        read_bufsize=read_bytes,
    )


def refusal(error: BaseException) -> AddressRefused | None:
    """The refused address that a failed connection is about, if it is."""
    cause = getattr(error, "os_error", error)
    return cause if isinstance(cause, AddressRefused) else None
