"""Objects of an S3 storage (AWS, MinIO, Ceph, COS), through obstore."""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import obstore
from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from contracts import codes

from .errors import MediaError, TransientError
from .file_cache import FileCache
from .locations import S3Object, Version
from .settings import Settings

T = TypeVar("T")

_REFUSED = (PermissionDeniedError, UnauthenticatedError, PermissionError)
_MISSING = (NotFoundError, FileNotFoundError)
_NO_BUCKET = "<Code>NoSuchBucket</Code>"
"""What S3 says to a listing; obstore has no class for it."""
_READ_BYTES = 8 * 1024 * 1024


class S3Objects:
    """Reads into a bounded local cache; an object appears when it is whole (S3 promises that)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stores: dict[str, S3Store] = {}
        self._cache = FileCache(settings.work_dir / "cache", settings.cache_bytes)

    def _store(self, bucket: str) -> S3Store:
        if bucket not in self._stores:
            settings = self._settings
            self._stores[bucket] = S3Store(
                bucket,
                region=settings.s3_region,
                endpoint=settings.s3_endpoint,
                access_key_id=settings.s3_access_key_id,
                secret_access_key=settings.s3_secret_access_key,
                virtual_hosted_style_request=False,
                client_options={"allow_http": bool(settings.s3_endpoint and settings.s3_endpoint.startswith("http:"))},
            )
        return self._stores[bucket]

    async def local(self, place: S3Object) -> Path:
        """A copy in the cache, one for each version of the object."""
        store = self._store(place.bucket)
        head = await _asked(lambda: obstore.head_async(store, place.key), place, reading=True)
        name = hashlib.sha256(f"{place.url} {head['e_tag']} {head['size']}".encode()).hexdigest()

        async def fetch(target: Path) -> None:
            answer = await obstore.get_async(store, place.key)
            with target.open("wb") as file:
                async for part in answer.stream(min_chunk_size=_READ_BYTES):
                    await asyncio.to_thread(file.write, part)

        return await _asked(lambda: self._cache.get(name, head["size"], fetch), place, reading=True)

    async def version(self, place: S3Object) -> Version:
        """Size, entity tag and time, as the storage tells them."""
        store = self._store(place.bucket)
        head = await _asked(lambda: obstore.head_async(store, place.key), place, reading=True)
        return Version(head["size"], f"{head['size']}.{head['e_tag']}.{head['last_modified'].isoformat()}")

    async def put(self, path: Path, place: S3Object) -> None:
        """Upload, in parts when it is large."""
        store = self._store(place.bucket)
        await _asked(lambda: obstore.put_async(store, place.key, path), place, reading=False)

    def renames(self, place: S3Object, target: S3Object) -> bool:
        """Within a bucket."""
        return place.bucket == target.bucket

    async def check_writable(self, place: S3Object) -> None:
        """The bucket answers."""
        await _asked(lambda: _first_page(self._store(place.bucket), place.key), place, reading=False)

    async def move(self, place: S3Object, target: S3Object) -> None:
        """Copy and delete; when the source is gone and the target there, it was done before."""
        store = self._store(place.bucket)

        async def rename() -> None:
            try:
                await obstore.rename_async(store, place.key, target.key)
            except _MISSING:
                await obstore.head_async(store, target.key)

        await _asked(rename, target, reading=False)

    async def remove(self, place: S3Object) -> None:
        """Delete, if there."""
        store = self._store(place.bucket)

        async def delete() -> None:
            with contextlib.suppress(*_MISSING):
                await obstore.delete_async(store, place.key)

        await _asked(delete, place, reading=False)

    async def remove_tree(self, place: S3Object) -> None:
        """Delete everything below a prefix."""
        store = self._store(place.bucket)
        prefix = place.key.rstrip("/") + "/"

        async def delete() -> None:
            async for page in obstore.list(store, prefix=prefix):
                await obstore.delete_async(store, [meta["path"] for meta in page])

        await _asked(delete, place, reading=False)


async def _asked(action: Callable[[], Awaitable[T]], place: S3Object, *, reading: bool) -> T:
    verb = "read" if reading else "write"
    refused = codes.SOURCE_NOT_ACCESSIBLE if reading else codes.OUTPUT_NOT_WRITABLE
    try:
        return await action()
    except _MISSING as error:
        raise MediaError(f"can't {verb} {place.url}: there is no such object or bucket", refused) from error
    except _REFUSED as error:
        raise MediaError(f"can't {verb} {place.url}: the storage refuses it", refused) from error
    except (ValueError, TypeError) as error:
        raise MediaError(f"can't {verb} {place.url!r}: no object can have this name", refused) from error
    except (BaseError, OSError) as error:
        if _NO_BUCKET in str(error):
            raise MediaError(f"can't {verb} {place.url}: there is no such bucket", refused) from error
        raise TransientError(f"can't {verb} {place.url}: {str(error).splitlines()[0]}") from error


async def _first_page(store: S3Store, prefix: str) -> None:
    async for _ in obstore.list(store, prefix=prefix, chunk_size=1):
        return
