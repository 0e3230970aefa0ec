"""How a manifest names the files that it leads to: by URI references, relative to its own place. Pure."""

import posixpath
from urllib.parse import quote


def relative(url: str, base_url: str) -> str:
    """The reference in the file at `base_url` to the one at `url`, both in one storage.

    `s3://` URLs hold keys to the letter; in a reference they are percent-encoded, as in the URLs players open.
    """
    directory = posixpath.dirname(_path(base_url)) or "/"
    reference = posixpath.relpath(_path(url), directory)
    quoted = reference if url.lower().startswith("file:") else quote(reference)
    first = quoted.split("/", 1)[0]
    return f"./{quoted}" if ":" in first else quoted


def _path(url: str) -> str:
    scheme, _, rest = url.partition(":")
    return "/" + (rest.lstrip("/") if scheme.lower() == "file" else rest.removeprefix("//"))
