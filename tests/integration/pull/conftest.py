"""Notifiers with a database of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aio_pika
import pytest

from contracts.client import VodflowClient
from shared.settings import Settings
from shared.store import Store
from tests.integration.pull.house import House
from tests.integration.shared.conftest import made
from tests.integration.shared.desk import Desk


@pytest.fixture(params=["motor", "pymongo"])
def settings(request: pytest.FixtureRequest, mongo_url: str, amqp_url: str, tmp_path: Path) -> Settings:
    """Once for each driver."""
    return made(mongo_url, amqp_url, tmp_path, request.param).model_copy(update={"grace_s": 5.0})


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """No replica runs yet."""
    store = Store.connect(settings)
    tenant = f"t-{uuid4().hex[:8]}"
    async with (
        await aio_pika.connect(settings.amqp_url) as connection,
        VodflowClient(settings.amqp_url, tenant=tenant, source="test") as client,
    ):
        channel = await connection.channel(on_return_raises=True)
        await Desk(connection, channel).start()
        house = House(settings, channel, client, store)
        try:
            yield house
        finally:
            await house.stop()
            await house.clear()
            await store.drop()
            await store.close()
