"""The HTTP request that brings an event to its receiver. Pure.

Source: CloudEvents 1.0.2, HTTP protocol binding: 3.1 (binary mode), 3.1.3.2 (header values), 3.2 (structured mode).
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from contracts.envelope import CONTENT_TYPE, CloudEvent
from contracts.offering import Http
from contracts.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

ATTEMPT_HEADER = "X-Vodflow-Delivery-Attempt"
SUBSCRIPTION_HEADER = "X-Vodflow-Subscription"

_ATTRIBUTE = re.compile(r"[a-z0-9]+", re.ASCII)


@dataclass(frozen=True)
class Request:
    """A POST."""

    url: str = field(repr=False)
    headers: dict[str, str]
    body: bytes


def request(endpoint: Http, name: str, event: CloudEvent, published: bytes, *, attempt: int, now_s: int) -> Request:
    """The request of a try, signed if there is a secret; `published` is the event as it was published."""
    if endpoint.content_format == "JSON":
        body, headers = published, {"Content-Type": CONTENT_TYPE}
    else:
        body = json.dumps(event.data, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", **attributes(event)}
    headers |= {SUBSCRIPTION_HEADER: name, ATTEMPT_HEADER: str(attempt), TIMESTAMP_HEADER: str(now_s)}
    if endpoint.secret:
        headers[SIGNATURE_HEADER] = sign(body, endpoint.secret, now_s)
    return Request(endpoint.url, headers, body)


def attributes(event: CloudEvent) -> dict[str, str]:
    """The event's attributes as `ce-` headers. An extension attribute that CloudEvents does not allow is left out."""
    told: dict[str, Any] = event.model_dump(mode="json", exclude={"data", "datacontenttype"}, exclude_none=True)
    return {
        f"ce-{name}": encoded(_text(value))
        for name, value in told.items()
        if _ATTRIBUTE.fullmatch(name) and isinstance(value, str | bool | int)
    }


def encoded(text: str) -> str:
    """A header value: space, double quote, percent and all but printable ASCII are percent-encoded as UTF-8."""
    return "".join(
        character
        if "!" <= character <= "~" and character not in '"%'
        else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
        for character in text
    )


def _text(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
