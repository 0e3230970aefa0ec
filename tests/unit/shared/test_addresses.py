"""The rule of addresses: public or listed, in whatever form."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.addresses import allowed, literal, networks

REFUSED = (
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1"),
    *("192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "224.0.1.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1"),
    *("2001:db8::1", "2001::1", "100::1", "64:ff9b:1::1", "3fff::1", "5f00::1"),
    *("", "localhost", "127.1", "0x7f000001", "1.2.3.4.5", "::g"),
)
PUBLIC = ("1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e")
WRAPPED = ("::ffff:{}", "::{}", "::ffff:0:{}", "64:ff9b::{}")


@pytest.mark.parametrize("address", REFUSED)
def test_refused(address: str) -> None:
    assert not allowed(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert allowed(address)


@pytest.mark.parametrize("form", WRAPPED)
def test_a_wrapper_is_what_it_carries(form: str) -> None:
    assert allowed(form.format("8.8.8.8"))
    for inner in ("127.0.0.1", "10.0.0.1", "169.254.169.254"):
        assert not allowed(form.format(inner))
        assert allowed(form.format(inner), networks(f"{inner}/32"))


@given(st.integers(0, 2**32 - 1))
def test_6to4_is_what_it_carries(number: int) -> None:
    inside = str(IPv4Address(number))
    assert allowed(str(IPv6Address(0x2002 << 112 | number << 80 | 1))) == allowed(inside)


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fd00::/8"))
def test_a_listed_network_is_allowed_and_no_other(address: IPv4Address | IPv6Address) -> None:
    assert allowed(str(address), networks("10.0.0.0/8, fd00::/8"))
    assert not allowed(str(address), networks("10.1.2.3/32,fe80::/10")) or str(address) == "10.1.2.3"


@given(st.ip_addresses())
def test_nothing_special_is_ever_public(address: IPv4Address | IPv6Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not allowed(str(address)) or (isinstance(address, IPv6Address) and address.ipv4_mapped)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "x", "10.0.0.0/33", "10.0.0.0-10.0.0.9"])
def test_networks_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        networks(text)


def test_literals() -> None:
    assert [literal(host) for host in ("1.2.3.4", "[::1]", "fe80::1%1", "a.example", "127.1", "")] == [
        *("1.2.3.4", "::1", "fe80::1%1"),
        *(None, None, None),
    ]
