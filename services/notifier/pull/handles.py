"""Receipt handles: opaque text that names a message, which of its receipts, and whose receipt it was. Pure."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from typing import Self

_FORM = struct.Struct(">12sI8s")
_MARK = "r"
"""Comes first, so that no handle looks like a flag of a command line."""


@dataclass(frozen=True)
class Handle:
    """One receipt of one message. `key`: the document's id, 24 hex digits; `nonce`: the receiver's, 16."""

    key: str
    count: int
    nonce: str

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The handle in a text, or None when it can't be one of ours."""
        body = text.removeprefix(_MARK)
        try:
            key, count, nonce = _FORM.unpack(base64.urlsafe_b64decode(body.encode("ascii")))
        except (ValueError, binascii.Error, struct.error):
            return None
        handle = cls(key.hex(), count, nonce.hex())
        return handle if handle.text == text else None

    @property
    def text(self) -> str:
        """As it is given out: letters, digits, - and _."""
        packed = _FORM.pack(bytes.fromhex(self.key), self.count, bytes.fromhex(self.nonce))
        return _MARK + base64.urlsafe_b64encode(packed).decode()


def message_key(queue: str, event_id: str, replay: str) -> str:
    """The id of a message's document: the same for a repeat, another for a replay."""
    return _digest(queue, event_id, replay)[:24]


def nonce_of(tenant: str, source: str, command_id: str) -> str:
    """The nonce of what a command receives: the same when it is asked again, so that it gets the same."""
    return _digest(tenant, source, command_id)[:16]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
