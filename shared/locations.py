"""URLs of files: what may be read and written. Symbolic links are the one thing that is looked up.

`file://` URLs are percent-encoded (RFC 8089) and must lie below a configured root, links resolved; `s3://bucket/key`
keys are taken to the letter, as the AWS command line does.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from contracts import codes

from .errors import RequestError


@dataclass(frozen=True)
class LocalFile:
    """A file or directory of this machine (or of a file system that all machines share)."""

    path: Path

    @property
    def url(self) -> str:
        """As others name it."""
        return "file://" + quote(str(self.path))


@dataclass(frozen=True)
class S3Object:
    """An object or a prefix in a bucket."""

    bucket: str
    key: str

    @property
    def url(self) -> str:
        """As others name it."""
        return f"s3://{self.bucket}/{self.key}"


Location = LocalFile | S3Object


@dataclass(frozen=True)
class Version:
    """Of a file's content: another `tag` where it may have changed, the size included."""

    size_bytes: int
    tag: str


def parse(url: str, roots: Sequence[Path]) -> Location:
    """The place that a URL names.

    Raises:
        RequestError: another scheme than file and s3, a path outside the roots, an impossible name.
    """
    scheme = url.split(":", 1)[0].lower()
    if "\0" in (unquote(url) if scheme == "file" else url):
        raise RequestError("a URL must not hold a zero byte", codes.INVALID_PARAMETER_VALUE)
    if scheme == "file":
        return _local(url, roots)
    if scheme == "s3":
        return _s3(url)
    raise RequestError(f"{url!r}: give a file:// or s3:// URL", codes.UNSUPPORTED_STORAGE)


def _local(url: str, roots: Sequence[Path]) -> LocalFile:
    host = urlsplit(url).netloc
    if host not in ("", "localhost"):
        raise RequestError(f"{url!r}: a file URL names no host: file:///path", codes.UNSUPPORTED_STORAGE)
    text = unquote(url[len("file:") :].removeprefix("//" + host if url[5:7] == "//" else ""))
    path = Path(os.path.realpath(text))
    if not any(path == root or root in path.parents for root in roots):
        allowed = ", ".join(str(root) for root in roots)
        raise RequestError(
            f"{path}: outside the storage roots ({allowed}; VODFLOW_STORAGE_ROOTS)", codes.STORAGE_REFUSED
        )
    return LocalFile(path)


def _s3(url: str) -> S3Object:
    bucket, _, key = url[len("s3://") :].partition("/")
    if not url.lower().startswith("s3://") or not bucket:
        raise RequestError(f"{url!r}: an S3 URL is s3://bucket/key", codes.UNSUPPORTED_STORAGE)
    if any(part in (".", "..") for part in key.split("/")):
        raise RequestError(f"{url!r}: a key must not hold . or .. as a part", codes.STORAGE_REFUSED)
    return S3Object(bucket, key)


def below(directory: str, name: str) -> str:
    """The URL of the file `name` in the directory URL `directory`."""
    return f"{directory.rstrip('/')}/{escaped(directory, name)}"


def escaped(directory: str, name: str) -> str:
    """A name, or a piece of one, as URLs like `directory` write it."""
    return quote(name) if directory.lower().startswith("file:") else name


def parent(url: str) -> str:
    """The directory URL of a file's URL."""
    return url.rsplit("/", 1)[0] + "/"


def relative(url: str, base: str) -> str:
    """A file's URL as the file `base` of the same storage refers to it, percent-encoded."""
    path, start = (_plain(one).split("/") for one in (url, base))
    common = 0
    while path[common] == start[common] and common < min(len(path), len(start)) - 1:
        common += 1
    return quote("/".join([*[".."] * (len(start) - 1 - common), *path[common:]]))


def _plain(url: str) -> str:
    """File URLs are percent-encoded, S3 keys literal."""
    return unquote(url) if url.lower().startswith("file:") else url
