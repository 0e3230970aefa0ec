"""Which addresses of the internet may be connected to: public ones, and those that an operator lists. Pure."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_CARRIERS = (
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291 section 2.5.5.2
    (IPv6Network("::/96"), 0),  # IPv4-compatible, RFC 4291 section 2.5.5.1
    (IPv6Network("::ffff:0:0:0/96"), 0),  # IPv4-translated, RFC 2765
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (IPv6Network("2002::/16"), 80),  # 6to4, RFC 3056
)
"""Networks whose addresses carry an IPv4 one, and how many bits follow it: where a packet ends up is that one's say."""
_NEVER_PUBLIC = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments, RFC 6890
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    IPv6Network("64:ff9b:1::/48"),  # NAT64 of a site's own, RFC 8215
    IPv6Network("fec0::/10"),  # site-local, RFC 3879
    IPv6Network("5f00::/16"),  # segment routing, RFC 9602
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
)
"""What some versions of `ipaddress` count as global."""


def networks(text: str) -> tuple[Network, ...]:
    """Networks written as CIDR, separated by commas. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def allowed(text: str, listed: Sequence[Network] = ()) -> bool:
    """Whether an address may be connected to: it is public, or in a listed network.

    Loopback, link-local, private, shared (CGNAT), multicast, reserved and unspecified addresses are not public, in
    whatever IPv6 address they are wrapped. What is no address is not allowed.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    actual = _carried(address) or address
    return any(_within(one, listed) for one in (address, actual)) or _public(actual)


def literal(host: str) -> str | None:
    """A URL's host when it is an address and no name."""
    bare = host.removeprefix("[").removesuffix("]")
    try:
        ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return bare


def _carried(address: Address) -> IPv4Address | None:
    """The IPv4 address that a packet to an IPv6 one ends up at, if it is of that kind."""
    if isinstance(address, IPv6Address):
        for network, behind in _CARRIERS:
            if address in network and int(address) > 1:
                return IPv4Address(int(address) >> behind & 0xFFFFFFFF)
    return None


def _public(address: Address) -> bool:
    special = address.is_multicast or address.is_reserved or _within(address, _NEVER_PUBLIC)
    return address.is_global and not special


def _within(address: Address, listed: Sequence[Network]) -> bool:
    return any(address in network for network in listed if network.version == address.version)
