"""What the doctor asks servers and services over the network."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aio_pika
from aio_pika.exceptions import AMQPError
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.checks import Check
from deploy.local.health import is_ready

_TIMEOUT_S = 5.0
_OLDEST_RABBITMQ = (3, 10)
_OLDEST_MONGODB = (6, 0)


async def rabbitmq(url: str) -> Check:
    """Whether a client can log in, and the server's version."""
    try:
        connection = await aio_pika.connect(url, timeout=_TIMEOUT_S)
    except (OSError, AMQPError, TimeoutError, ValueError) as error:
        return Check("RabbitMQ", False, reason(error), "start it (vodflow up), or mend VODFLOW_AMQP_URL")
    async with connection:
        transport = connection.transport
        properties: Mapping[str, Any] = transport.connection.server_properties if transport else {}
    text = _text(properties.get("version", ""))
    return Check("RabbitMQ", version(text) >= _OLDEST_RABBITMQ, text, "upgrade to RabbitMQ 3.10 or newer")


async def mongodb(url: str) -> Check:
    """Whether a client can log in, the version, and whether it is the primary of a replica set."""
    # The blocking client: the asynchronous one of PyMongo 4.20 leaks a socket when no server answers.
    return await asyncio.to_thread(_mongodb, url)


def _mongodb(url: str) -> Check:
    try:
        client: MongoClient[dict[str, Any]] = MongoClient(url, serverSelectionTimeoutMS=int(_TIMEOUT_S * 1000))
        with client:
            hello = client.admin.command("hello")
            text = str(client.server_info()["version"])
            client.get_default_database("vodflow").list_collection_names()
    except PyMongoError as error:
        return Check("MongoDB", False, reason(error), "start it (vodflow up), or mend VODFLOW_MONGO_URL")
    set_name = hello.get("setName")
    if version(text) < _OLDEST_MONGODB:
        return Check("MongoDB", False, text, "upgrade to MongoDB 6 or newer")
    if not hello.get("isWritablePrimary"):
        return Check("MongoDB", False, f"{text}, not writable", "connect to the primary: use the replica set's address")
    if not set_name:
        return Check("MongoDB", False, f"{text}, no replica set", "run it as a replica set (one member will do)")
    return Check("MongoDB", True, f"{text}, replica set {set_name}")


async def service(name: str, health_url: str, log: str) -> Check:
    """Whether a service says that it is ready."""
    ready = await is_ready(health_url)
    return Check(name, ready, f"{'ready' if ready else 'not ready'} at {health_url}", f"see {log}")


def version(text: str) -> tuple[int, int]:
    """Major and minor of a version; (0, 0) when there is none."""
    parts = text.split(".")
    try:
        return int(parts[0]), int(parts[1])
    except (IndexError, ValueError):
        return 0, 0


def reason(error: BaseException) -> str:
    """An error in one short line."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return text if len(text) <= 120 else f"{text[:117]}..."


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
