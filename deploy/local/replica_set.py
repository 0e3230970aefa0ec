"""Making a freshly started mongod the primary of a replica set of one."""

from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

NAME = "rs0"
USER = "vodflow"
DATABASE = "vodflow"

_TIMEOUT_MS = 3_000
_ALREADY_INITIALIZED, _UNAUTHORIZED = 23, 13

_Client = AsyncMongoClient[dict[str, Any]]


def url(port: int, password: str) -> str:
    """The address for clients."""
    return (
        f"mongodb://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"
        f"?authSource=admin&replicaSet={NAME}&directConnection=true"
    )


async def is_writable(port: int, password: str) -> bool:
    """Whether clients can write; takes the next step towards it when they cannot yet.

    Steps: initiate the set, create the user (both under MongoDB's localhost exception), follow a changed port.
    Raises PyMongoError.
    """
    async with _client(port) as client:
        hello = await client.admin.command("hello")
        if hello.get("isWritablePrimary"):
            return await _login_works(port, password) or await _create_user(client, password)
        if "setName" not in hello and not await _initiate(client, port):
            await _follow_port(port, password)
        return False


def _client(port: int, password: str | None = None) -> _Client:
    return AsyncMongoClient(
        "127.0.0.1",
        port,
        directConnection=True,
        serverSelectionTimeoutMS=_TIMEOUT_MS,
        # Else a second monitor is connecting when we close, and PyMongo 4.20 leaks the socket of a cancelled connect.
        serverMonitoringMode="poll",
        username=USER if password else None,
        password=password,
    )


def _configuration(port: int, version: int = 1) -> dict[str, Any]:
    return {"_id": NAME, "version": version, "members": [{"_id": 0, "host": f"127.0.0.1:{port}"}]}


async def _initiate(client: _Client, port: int) -> bool:
    """Whether the set was new. A member that does not find its own address in the stored set looks the same."""
    try:
        await client.admin.command("replSetInitiate", _configuration(port))
    except OperationFailure as error:
        if error.code in (_ALREADY_INITIALIZED, _UNAUTHORIZED):
            return False
        raise
    return True


async def _login_works(port: int, password: str) -> bool:
    async with _client(port, password) as client:
        try:
            await client.admin.command("ping")
        except OperationFailure:
            return False
        return True


async def _create_user(client: _Client, password: str) -> bool:
    await client.admin.command("createUser", USER, pwd=password, roles=["root"])
    return True


async def _follow_port(port: int, password: str) -> None:
    async with _client(port, password) as client:
        stored = await client.admin.command("replSetGetConfig")
        configuration = _configuration(port, stored["config"]["version"] + 1)
        await client.admin.command("replSetReconfig", configuration, force=True)
