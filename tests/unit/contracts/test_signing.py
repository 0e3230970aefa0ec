"""The signature of a callback: what it covers, and what is refused."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.signing import BadSignature, sign, verify

SECRET = "0123456789abcdef"
NOW = 1_700_000_000
BODY = '{"id":"1","data":{"name":"ä"}}'.encode()

bodies = st.binary(max_size=200)
secrets = st.text(min_size=16, max_size=64)
times = st.integers(min_value=0, max_value=10**11)


def headers(body: bytes = BODY, secret: str = SECRET, timestamp: int = NOW) -> dict[str, str]:
    return {"X-Vodflow-Timestamp": str(timestamp), "X-Vodflow-Signature": sign(body, secret, timestamp)}


def test_it_is_what_the_readme_says() -> None:
    expected = hmac.new(SECRET.encode(), b"1700000000." + BODY, hashlib.sha256).hexdigest()
    assert sign(BODY, SECRET, NOW) == f"v1={expected}"


@given(bodies, secrets, times)
def test_what_is_signed_is_believed(body: bytes, secret: str, timestamp: int) -> None:
    verify(body, headers(body, secret, timestamp), secret, now=timestamp)


@given(bodies, bodies, secrets, times)
def test_another_body_is_not(body: bytes, other: bytes, secret: str, timestamp: int) -> None:
    if body != other:
        with pytest.raises(BadSignature, match="does not fit"):
            verify(other, headers(body, secret, timestamp), secret, now=timestamp)


@given(bodies, secrets, secrets, times)
def test_another_secret_is_not(body: bytes, secret: str, other: str, timestamp: int) -> None:
    if secret != other:
        with pytest.raises(BadSignature, match="does not fit"):
            verify(body, headers(body, secret, timestamp), other, now=timestamp)


@given(bodies, times, st.integers(min_value=-300, max_value=300).filter(bool))
def test_another_timestamp_is_not(body: bytes, timestamp: int, later: int) -> None:
    moved = headers(body, SECRET, timestamp) | {"X-Vodflow-Timestamp": str(abs(timestamp + later))}
    with pytest.raises(BadSignature, match="does not fit"):
        verify(body, moved, SECRET, now=abs(timestamp + later))


@given(st.text(), st.text(), bodies)
def test_garbage_is_refused_and_nothing_else_happens(timestamp: str, signature: str, body: bytes) -> None:
    with pytest.raises(BadSignature):
        verify(body, {"X-Vodflow-Timestamp": timestamp, "X-Vodflow-Signature": signature}, SECRET, now=NOW)


@pytest.mark.parametrize("away_s", [-300, 0, 300])
def test_within_the_tolerance(away_s: int) -> None:
    verify(BODY, headers(), SECRET, now=NOW + away_s)


@pytest.mark.parametrize("away_s", [-301, 301])
def test_beyond_the_tolerance(away_s: int) -> None:
    with pytest.raises(BadSignature, match="301 s from now"):
        verify(BODY, headers(), SECRET, now=NOW + away_s)
    verify(BODY, headers(), SECRET, now=NOW + away_s, tolerance_s=301)


def test_headers_in_any_case() -> None:
    verify(BODY, {name.lower(): value for name, value in headers().items()}, SECRET, now=NOW)
    verify(BODY, {name.upper(): value for name, value in headers().items()}, SECRET, now=NOW)


@pytest.mark.parametrize("position", [0, 1])
def test_one_of_two_secrets_while_one_is_replaced(position: int) -> None:
    both = ["the-old-one-of-16", "the-new-one-of-16"]
    verify(BODY, headers(secret=both[position]), both, now=NOW)
    with pytest.raises(BadSignature):
        verify(BODY, headers(), both, now=NOW)


@pytest.mark.parametrize("name", ["X-Vodflow-Timestamp", "X-Vodflow-Signature"])
def test_a_header_that_is_missing_is_named(name: str) -> None:
    told = headers()
    del told[name]
    with pytest.raises(BadSignature, match=name):
        verify(BODY, told, SECRET, now=NOW)


@pytest.mark.parametrize("secret", ["", [], ["", SECRET]])
def test_an_empty_secret_believes_nobody(secret: str | list[str]) -> None:
    with pytest.raises(BadSignature, match="secret"):
        verify(BODY, headers(secret=""), secret, now=NOW)


def test_another_version_is_not_believed() -> None:
    told = headers()
    told["X-Vodflow-Signature"] = told["X-Vodflow-Signature"].replace("v1=", "v0=")
    with pytest.raises(BadSignature):
        verify(BODY, told, SECRET, now=NOW)
