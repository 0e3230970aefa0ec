"""Private servers: they work, keep their data and address, listen on loopback only, and are gone afterwards."""

from pathlib import Path
from typing import Any

import aio_pika
import pytest
from pymongo import AsyncMongoClient

from deploy.local import environment
from deploy.local.errors import DataDirectoryBusy
from deploy.local.stack import BACKENDS_ONLY, Stack
from tests.integration.deploy.processes import alive, listening

QUEUE = "kept"


def stack(data: Path) -> Stack:
    return Stack(data, counts=BACKENDS_ONLY)


async def keep(running: Stack, word: str) -> None:
    """A word in a durable queue and in a collection."""
    async with await aio_pika.connect(running.environment.amqp_url) as connection, connection.channel() as channel:
        await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        message = aio_pika.Message(word.encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, QUEUE)
    async with mongo(running) as client:
        await client.get_default_database()["words"].insert_one({"word": word})


async def kept(running: Stack) -> tuple[str, str]:
    """What `keep` kept."""
    async with await aio_pika.connect(running.environment.amqp_url) as connection, connection.channel() as channel:
        queue = await channel.get_queue(QUEUE)
        message = await queue.get(timeout=30)
        assert message is not None
        await message.nack(requeue=True)
    async with mongo(running) as client:
        found = await client.get_default_database()["words"].find_one()
    assert found is not None
    return message.body.decode(), found["word"]


def mongo(running: Stack) -> AsyncMongoClient[dict[str, Any]]:
    return AsyncMongoClient(running.environment.mongo_url, serverMonitoringMode="poll")


async def test_servers_listen_on_loopback_and_end_with_the_stack(tmp_path: Path) -> None:
    async with stack(tmp_path) as running:
        assert {"beam.smp", "epmd", "mongod"} <= set(alive(tmp_path))
        assert listening(tmp_path) <= {"127.0.0.1", "::1"}
        assert environment.read(tmp_path / "env") == running.environment.variables()
        with pytest.raises(DataDirectoryBusy):
            await stack(tmp_path).__aenter__()
    assert alive(tmp_path) == []
    assert not (tmp_path / "env").exists()


async def test_data_outlive_a_stop_a_kill_and_a_change_of_ports(tmp_path: Path) -> None:
    data = tmp_path / "da ta"
    async with stack(data) as running:
        await keep(running, "hello")
        addresses = running.environment
    async with stack(data) as running:
        assert running.environment == addresses
        assert running.rabbitmq is not None
        assert running.mongod is not None
        await running.rabbitmq.kill()
        await running.mongod.kill()
        assert alive(data) == []
        await running.rabbitmq.start()
        await running.mongod.start()
        assert await kept(running) == ("hello", "hello")
    (data / "ports.json").unlink()
    async with stack(data) as running:
        assert running.environment != addresses
        assert await kept(running) == ("hello", "hello")


async def test_addresses_of_others_are_used_instead_of_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VODFLOW_AMQP_URL", "amqp://elsewhere/")
    monkeypatch.setenv("VODFLOW_MONGO_URL", "mongodb://elsewhere/vodflow")
    async with stack(tmp_path) as running:
        assert (running.rabbitmq, running.mongod) == (None, None)
        assert alive(tmp_path) == []
        assert running.environment.amqp_url == "amqp://elsewhere/"
        assert running.environment.mongo_url == "mongodb://elsewhere/vodflow"
