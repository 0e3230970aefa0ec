"""A stand-in and clients for it, on exchanges of the test's own."""

import uuid
from collections.abc import AsyncIterator

import aio_pika
import pytest

from contracts import topology
from contracts.client import VodflowClient
from tests.integration.contracts.standin import StandIn
from tests.proxy import Proxy


@pytest.fixture
async def stand_in(amqp_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    unique = uuid.uuid4().hex
    monkeypatch.setattr(topology, "COMMANDS", f"test.commands.{unique}")
    monkeypatch.setattr(topology, "EVENTS", f"test.events.{unique}")
    async with await aio_pika.connect(amqp_url) as connection, connection.channel() as channel:
        made = StandIn(channel, topology.COMMANDS, topology.EVENTS)
        await made.start()
        yield made


@pytest.fixture
async def client(stand_in: StandIn, line: Proxy) -> AsyncIterator[VodflowClient]:
    async with VodflowClient(line.url, tenant="t1", source="test") as made:
        yield made
