"""The request of a callback."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import CloudEvent
from contracts.offering import Http
from contracts.signing import sign
from services.notifier.callbacks.requests import attributes, encoded, request

SECRET = "0123456789abcdef"
PUBLISHED = b'{ "id": "1", "source":"s","type":"t","specversion":"1.0","data":{"a":1} }'
EVENT = CloudEvent.model_validate_json(PUBLISHED)
COMMON = {"X-Vodflow-Subscription": "hook", "X-Vodflow-Delivery-Attempt": "3", "X-Vodflow-Timestamp": "1700000000"}


def made(**endpoint: Any) -> tuple[dict[str, str], bytes]:
    asked = request(
        Http(url="https://example.com/", **endpoint), "hook", EVENT, PUBLISHED, attempt=3, now_s=1_700_000_000
    )
    return asked.headers, asked.body


def test_the_whole_event_is_what_was_published_to_the_byte() -> None:
    headers, body = made(secret=SECRET)
    assert body == PUBLISHED
    assert headers == {
        "Content-Type": "application/cloudevents+json",
        **COMMON,
        "X-Vodflow-Signature": sign(PUBLISHED, SECRET, 1_700_000_000),
    }


def test_the_data_alone() -> None:
    headers, body = made(secret=SECRET, content_format="SIMPLIFIED")
    assert body == b'{"a":1}'
    assert headers == {
        "Content-Type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": "1",
        "ce-source": "s",
        "ce-type": "t",
        "ce-tenant": "default",
        **COMMON,
        "X-Vodflow-Signature": sign(b'{"a":1}', SECRET, 1_700_000_000),
    }


def test_without_a_secret() -> None:
    headers, _ = made()
    assert headers == {"Content-Type": "application/cloudevents+json", **COMMON}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain/text:with-signs", "plain/text:with-signs"),
        ("Euro € 😀", "Euro%20%E2%82%AC%20%F0%9F%98%80"),  # the example of the HTTP protocol binding, 3.1.3.2
        ('a "b" 100%', "a%20%22b%22%20100%25"),
        ("a\r\nX-Evil: 1", "a%0D%0AX-Evil:%201"),
        ("\x7f\x00", "%7F%00"),
    ],
)
def test_header_values(text: str, expected: str) -> None:
    assert encoded(text) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_header_values_come_back_by_decoding(text: str) -> None:
    from urllib.parse import unquote

    told = encoded(text)
    assert unquote(told) == text
    assert all("!" <= character <= "~" for character in told)


def test_only_attributes_that_cloudevents_allows() -> None:
    event = CloudEvent.model_validate(
        {"id": "1", "source": "s", "type": "t", "flag": True, "count": 5, "x y\r\n": "evil", "Upper": "1", "list": [1]}
    )
    told = attributes(event)
    assert (told["ce-flag"], told["ce-count"]) == ("true", "5")
    assert set(told) == {"ce-specversion", "ce-id", "ce-source", "ce-type", "ce-tenant", "ce-flag", "ce-count"}
