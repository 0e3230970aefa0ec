"""Notices of an S3 storage about its objects, as MinIO and Ceph publish them to AMQP. Pure.

Both send `{"Records": [...]}` with the record that AWS defines (event message structure), MinIO with `EventName` and
`Key` beside it. They differ in the key: MinIO's is percent-encoded with + for a space, as AWS's is, Ceph's is as it is
(sources: MinIO cmd/event-notification.go, Ceph src/rgw/driver/rados/rgw_notify.cc); `eventSource` tells which it is.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from contracts import codes
from contracts.name_templates import MOST_PATH_BYTES
from shared.errors import RequestError

MOST_BYTES = 1024 * 1024
"""Of a message; one record takes about a thousand, and both send one at a time."""
COMPLETE = frozenset({"Put", "Post", "Copy", "CompleteMultipartUpload"})
"""Of ObjectCreated: a new object, whole. MinIO has others there, such as PutRetention."""
AS_IT_IS = "ceph:s3"
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")


@dataclass(frozen=True)
class Created:
    """An object that is there now; `version` tells it from others that are or were there under its key."""

    bucket: str
    key: str
    version: str


def records(body: bytes) -> Sequence[Any]:
    """A message's records. Raises RequestError when it is no notice."""
    if len(body) > MOST_BYTES:
        raise RequestError(f"a notice of {len(body):,} bytes, at most {MOST_BYTES:,}", codes.MALFORMED_MESSAGE)
    try:
        notice = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"the notice is not JSON: {error}", codes.MALFORMED_MESSAGE) from error
    if isinstance(notice, dict) and notice.get("Event") == "s3:TestEvent":
        return []
    found = notice.get("Records") if isinstance(notice, dict) else None
    if not isinstance(found, list):
        raise RequestError("Records: a list of them is missing", codes.MALFORMED_MESSAGE, "Records")
    return found


def created(record: Any, number: int) -> Created | None:
    """What a record says of a new object; None when it says something else, or the object is empty.

    Raises:
        RequestError: a member is missing, or is none that an object of ours could have; names the field.
    """
    place = f"Records.{number}"
    kind, _, how = _text(record, f"{place}.eventName").removeprefix("s3:").partition(":")
    if kind != "ObjectCreated" or how not in COMPLETE:
        return None
    bucket = _text(record, f"{place}.s3.bucket.name")
    if not _BUCKET.fullmatch(bucket):
        raise _refused(f"{place}.s3.bucket.name", f"{_shown(bucket)} is no bucket's name")
    field = f"{place}.s3.object.key"
    key = _key(_text(record, field), field, encoded=record.get("eventSource") != AS_IT_IS)
    if key.endswith("/") or str(_member(record, f"{place}.s3.object.size", 1)) == "0":
        return None
    told = (_member(record, f"{place}.s3.object.{name}", "") for name in ("versionId", "eTag", "sequencer"))
    version = "-".join(str(one)[:200] for one in told)
    return Created(bucket, key, version if version.strip("-") else _text(record, f"{place}.eventTime"))


def _key(text: str, field: str, *, encoded: bool) -> str:
    if encoded:
        try:
            text = unquote_plus(text, errors="strict")
        except UnicodeDecodeError as error:
            raise _refused(field, "is no UTF-8 when decoded") from error
    parts = text.removesuffix("/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise _refused(field, f'{_shown(text)} has an empty part, "." or ".." in it')
    if not text.isprintable():
        raise _refused(field, f"{_shown(text)} has a character in it that can't be printed")
    if len(text.encode(errors="replace")) > MOST_PATH_BYTES or not _encodable(text):
        raise _refused(field, f"{_shown(text)} is no key: at most {MOST_PATH_BYTES} bytes of UTF-8")
    return text


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(record: Any, path: str) -> str:
    value = _member(record, path, None)
    if not isinstance(value, str) or not value:
        raise _refused(path, "must be a text")
    return value


def _member(record: Any, path: str, default: Any) -> Any:
    found = record
    for name in path.split(".")[2:]:
        if not isinstance(found, Mapping):
            return default
        found = found.get(name, default)
    return found


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")


def _refused(field: str, why: str) -> RequestError:
    return RequestError(f"{field}: {why}", codes.INVALID_PARAMETER_VALUE, field)
