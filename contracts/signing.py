"""The signature of an event that is posted: made by the notifier, checked by the receiver.

`X-Vodflow-Signature: v1=<hex>` is the HMAC-SHA256, under the subscription's secret, of `X-Vodflow-Timestamp` (Unix
seconds, as sent), a dot, and the body as sent. Headers besides the timestamp are not covered: with content format
SIMPLIFIED those are the event's attributes. Both are made anew for each try.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

TIMESTAMP_HEADER = "X-Vodflow-Timestamp"
SIGNATURE_HEADER = "X-Vodflow-Signature"
VERSION = "v1"
TOLERANCE_S = 300

_TIMESTAMP = re.compile(r"[0-9]{1,15}", re.ASCII)


class BadSignature(ValueError):
    """A request is not from whoever shares the secret, was altered, or is too old: the text says which."""


def sign(body: bytes, secret: str, timestamp_s: int) -> str:
    """The value of `X-Vodflow-Signature`."""
    digest = hmac.new(secret.encode(), b"%d.%b" % (timestamp_s, body), "sha256").hexdigest()
    return f"{VERSION}={digest}"


def verify(
    body: bytes,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance_s: float = TOLERANCE_S,
    now: float | None = None,
) -> None:
    """Return if the request is signed with `secret`, or one of several; while one is replaced, give both.

    `body` as it came, not parsed and written again. Header names may be in any case. A repeat within `tolerance_s`
    passes: know it by the event's id.

    Raises:
        BadSignature: a header is missing or odd, the timestamp is too far from `now` (Unix seconds), no secret fits.
    """
    secrets = [secret] if isinstance(secret, str) else list(secret)
    if not secrets or not all(secrets):
        raise BadSignature("there is no secret to check the signature with, or an empty one")
    found = {name.lower(): value for name, value in headers.items()}
    timestamp = _timestamp(found.get(TIMESTAMP_HEADER.lower()))
    away_s = abs((datetime.now(UTC).timestamp() if now is None else now) - timestamp)
    if away_s > tolerance_s:
        raise BadSignature(
            f"{TIMESTAMP_HEADER} is {away_s:.0f} s from now: more than {tolerance_s:g} s; check the clocks"
        )
    told = found.get(SIGNATURE_HEADER.lower())
    if told is None:
        raise BadSignature(f"there is no {SIGNATURE_HEADER}: has the subscription a secret?")
    fits = [hmac.compare_digest(sign(body, one, timestamp).encode(), told.strip().encode()) for one in secrets]
    if not any(fits):
        raise BadSignature(f"{SIGNATURE_HEADER} does not fit: another secret, or the body was altered on its way")


def _timestamp(told: str | None) -> int:
    if told is None:
        raise BadSignature(f"there is no {TIMESTAMP_HEADER}")
    if not _TIMESTAMP.fullmatch(told.strip()):
        raise BadSignature(f"{TIMESTAMP_HEADER} is no number of seconds")
    return int(told)
