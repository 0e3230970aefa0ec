"""Segments that are encrypted as a whole: AES-128 in CBC mode, padded (RFC 8216, 4.3.2.4)."""

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from contracts import codes
from shared.errors import MediaError

_READ_BYTES = 1 << 20


def decrypted(file: BinaryIO, key: bytes, iv: bytes) -> Iterator[bytes]:
    """What is in a segment, a part at a time. Raises MediaError when the key does not open it."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    padding = PKCS7(128).unpadder()
    try:
        while block := file.read(_READ_BYTES):
            yield padding.update(decryptor.update(block))
        yield padding.update(decryptor.finalize()) + padding.finalize()
    except ValueError as error:
        raise MediaError("a segment can't be decrypted", codes.SOURCE_MALFORMED) from error
