"""What a web server's answer to a request for a file means. Pure. Source: RFC 9110 sections 8.8, 13.1.5, 14."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from contracts import codes
from shared.errors import MediaError, TransientError, WorkError

OK, PARTIAL, NOT_SATISFIABLE = 200, 206, 416
_LOGIN = (401, 403, 407, 451)
_PASSING = (408, 425, 429)
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)", re.ASCII)
_PLAYLIST_TYPES = ("application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


class NotTheSame(Exception):
    """The rest that was asked for is of another file than the beginning: it has changed, or the server is confused."""


@dataclass(frozen=True)
class Offer:
    """A file, or the rest of one from `start` on: its whole length, and what proves that a rest belongs to it."""

    start: int = 0
    total: int | None = None
    validator: str | None = None
    """For If-Range: a strong entity tag, or a date."""


def offer(status: int, headers: Mapping[str, str], start: int) -> Offer:
    """What is offered to a request for a file, or for its rest from `start` on.

    Raises:
        MediaError, TransientError: nothing is.
        NotTheSame: something else is.
    """
    if status == NOT_SATISFIABLE and start:
        raise NotTheSame
    if status not in (OK, PARTIAL):
        raise refusal(status)
    check_coding(headers)
    length = _number(headers.get("Content-Length"))
    if status == OK:
        return Offer(0, length, validator(headers))
    if not start:
        raise TransientError("the server answered with a part that nobody asked for", codes.SOURCE_NOT_ACCESSIBLE)
    found = _RANGE.fullmatch(headers.get("Content-Range", "").strip())
    if not found or int(found[1]) != start:
        raise NotTheSame
    total = _number(found[3])
    end = int(found[2]) + 1
    if (total is not None and end != total) or (length is not None and start + length != end):
        raise TransientError("the server contradicts itself about the file's length", codes.SOURCE_NOT_ACCESSIBLE)
    return Offer(start, total, validator(headers))


def check_coding(headers: Mapping[str, str]) -> None:
    """Raises MediaError when the answer is compressed: nobody asked for that, and it could be a bomb."""
    coding = headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        text = f"the server sends the file compressed ({ascii(coding)[1:20]}), although asked not to"
        raise MediaError(text, codes.SOURCE_UNSUPPORTED)


def check_same(rest: Offer, begun: Offer) -> None:
    """Raises NotTheSame unless a rest belongs to what was begun."""
    if rest.total is not None and begun.total is not None and rest.total != begun.total:
        raise NotTheSame
    if rest.validator is not None and rest.validator != begun.validator:
        raise NotTheSame


def refusal(status: int) -> WorkError:
    """The error that a status other than success amounts to."""
    text = f"the server answered {status}"
    if status in _LOGIN:
        mend = "give a URL that can be read without a login, such as a signed one"
        return MediaError(f"{text}: {mend}", codes.SOURCE_REFUSED)
    if status in _PASSING or status >= 500:
        return TransientError(text, codes.SOURCE_NOT_ACCESSIBLE)
    return MediaError(f"{text}: is the URL right?", codes.SOURCE_NOT_ACCESSIBLE)


def validator(headers: Mapping[str, str]) -> str | None:
    """What proves in If-Range that a file is still the same; None when the server gives nothing strong."""
    tag = headers.get("ETag", "").strip()
    if tag.startswith('"') and tag.endswith('"') and len(tag) > 1:
        return tag
    modified, now = headers.get("Last-Modified"), headers.get("Date")
    if modified and now and (then := _moment(modified)) and (told := _moment(now)):
        return modified if told - then >= timedelta(seconds=1) else None
    return None


def is_playlist(path: str, headers: Mapping[str, str]) -> bool:
    """Whether a playlist is what was asked for: the URL's path or the server says so; the content alone doesn't."""
    return _type(headers) in _PLAYLIST_TYPES or path.lower().endswith(".m3u8")


def check_type(headers: Mapping[str, str]) -> None:
    """Raises MediaError when the answer is a web page."""
    if _type(headers) in _PAGE_TYPES:
        text = "the server answered with a web page instead of a video: does it want a login?"
        raise MediaError(text, codes.SOURCE_UNSUPPORTED)


def _type(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
