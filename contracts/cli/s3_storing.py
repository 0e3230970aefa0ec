"""Puts a file into a bucket, for `vodflow upload`. Needs the extra `s3`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .stack import Stack
from .storing import CantStore, there

if TYPE_CHECKING:
    from obstore.store import S3Store


def store_in_bucket(file: Path, url: str, content: Iterator[bytes], stack: Stack, *, overwrite: bool) -> None:
    """Put content at an S3 URL; an object appears when it is whole.

    Where and as whom: `VODFLOW_S3_*` as the services have it, else the usual AWS sources.

    Raises:
        CantStore: there is an object already, the storage refuses it, or obstore is not installed.
    """
    try:
        import obstore
        from obstore.exceptions import BaseError
        from obstore.store import S3Store
    except ImportError:
        text = "an upload into a bucket needs obstore: pip install 'vodflow-contracts[s3]'"
        raise CantStore(text) from None
    bucket, key = urlsplit(url).netloc, url.split("/", 3)[3]
    endpoint = stack.setting("VODFLOW_S3_ENDPOINT")
    try:
        store = S3Store(
            bucket,
            region=stack.setting("VODFLOW_S3_REGION") or "us-east-1",
            endpoint=endpoint,
            access_key_id=stack.setting("VODFLOW_S3_ACCESS_KEY_ID"),
            secret_access_key=stack.setting("VODFLOW_S3_SECRET_ACCESS_KEY"),
            virtual_hosted_style_request=False,
            client_options={"allow_http": (endpoint or "").startswith("http:")},
        )
        if not overwrite and _is_there(store, key):
            raise CantStore(there(url))
        obstore.put(store, key, content)
    except (BaseError, OSError, ValueError) as error:
        raise CantStore(f"can't put {file} to {url}: {str(error).splitlines()[0]}") from error


def _is_there(store: "S3Store", key: str) -> bool:
    import obstore

    try:
        obstore.head(store, key)
    except FileNotFoundError:
        return False
    return True
