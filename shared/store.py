"""MongoDB: the only module that knows a driver. Motor by default, PyMongo's asynchronous client by one setting.

The rest of the code keeps to what both share, as `Collection` says it. Motor is past its end of life (2026-05-14)
and runs every operation in a small thread pool: hold no long-lived cursor.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Protocol, Self, cast

from pymongo.errors import BulkWriteError, ConnectionFailure, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from .settings import Settings

Document = dict[str, Any]
Filter = Mapping[str, Any]
Update = Mapping[str, Any] | Sequence[Mapping[str, Any]]
Sort = Sequence[tuple[str, int]]

Duplicate = DuplicateKeyError
BulkError = BulkWriteError
StoreError = PyMongoError
StoreUnavailable = ConnectionFailure

__all__ = [
    "BulkError",
    "Collection",
    "Document",
    "Duplicate",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "only_duplicates",
    "unavailable",
]

_DUPLICATE_KEY = 11000


def unavailable(error: StoreError) -> bool:
    """Whether a server is away or on its way out, so that the same may work a moment later."""
    return isinstance(error, StoreUnavailable) or error.has_error_label("RetryableWriteError")


def only_duplicates(error: BulkError) -> bool:
    """Whether all that failed of many writes is that some documents were there already."""
    details: Mapping[str, Any] = error.details or {}
    wrong = details.get("writeErrors", [])
    return not details.get("writeConcernErrors") and all(one.get("code") == _DUPLICATE_KEY for one in wrong)


class Cursor(Protocol):
    """A query's result, fetched at once by `to_list`."""

    def sort(self, keys: Sort) -> Self: ...
    def skip(self, count: int) -> Self: ...
    def limit(self, count: int) -> Self: ...
    def to_list(self, length: int | None = None) -> Awaitable[list[Document]]: ...


class Collection(Protocol):
    """What Motor's and PyMongo's collections have in common and we use."""

    def find_one(
        self, filter: Filter, projection: Mapping[str, Any] | None = None, *, sort: Sort | None = None
    ) -> Awaitable[Document | None]: ...
    def find(self, filter: Filter, projection: Mapping[str, Any] | None = None) -> Cursor: ...
    def insert_one(self, document: Document) -> Awaitable[Any]: ...
    def insert_many(self, documents: Sequence[Document], ordered: bool = True) -> Awaitable[Any]: ...
    def replace_one(self, filter: Filter, replacement: Document, upsert: bool = False) -> Awaitable[Any]: ...
    def update_one(self, filter: Filter, update: Update, upsert: bool = False) -> Awaitable[Any]: ...
    def update_many(self, filter: Filter, update: Update) -> Awaitable[Any]: ...
    def find_one_and_update(
        self,
        filter: Filter,
        update: Update,
        projection: Mapping[str, Any] | None = None,
        *,
        sort: Sort | None = None,
        upsert: bool = False,
        return_document: bool = False,
    ) -> Awaitable[Document | None]: ...
    def delete_one(self, filter: Filter) -> Awaitable[Any]: ...
    def delete_many(self, filter: Filter) -> Awaitable[Any]: ...
    def count_documents(self, filter: Filter) -> Awaitable[int]: ...
    def create_index(self, keys: Sort, **options: Any) -> Awaitable[str]: ...


class Store:
    """A database. Writes are acknowledged by a majority, journaled: what is written stays written."""

    def __init__(self, client: Any, close: Any) -> None:
        self._client = client
        self._close = close
        self._database = client.get_default_database(
            "vodflow", write_concern=WriteConcern(w="majority", j=True), read_concern=ReadConcern("majority")
        )

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """A store over the driver that the settings name. Connects on first use."""
        options: dict[str, Any] = {"tz_aware": True, "serverSelectionTimeoutMS": 5000, "appname": "vodflow"}
        if settings.mongo_driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorClient

            motor: Any = AsyncIOMotorClient(settings.mongo_url, **options)

            async def close() -> None:
                motor.close()

            return cls(motor, close)
        from pymongo import AsyncMongoClient

        client: AsyncMongoClient[Document] = AsyncMongoClient(settings.mongo_url, **options)
        return cls(client, client.close)

    def collection(self, name: str) -> Collection:
        """A collection. By house rule only its owner asks for it."""
        return cast(Collection, self._database[name])

    async def ping(self) -> None:
        """Raises StoreError when the server doesn't answer."""
        await self._client.admin.command("ping")

    async def drop(self) -> None:
        """Remove the whole database: for tests."""
        await self._client.drop_database(self._database.name)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._close()
