"""The notifier alone, with a database of the test's own, on both drivers."""

from collections.abc import AsyncIterator
from pathlib import Path

import aio_pika
import pytest

from contracts.client import VodflowClient
from shared.settings import Settings
from shared.store import Store
from tests.integration.replays.house import House
from tests.integration.shared.conftest import made
from tests.integration.shared.desk import Desk


@pytest.fixture(params=["motor", "pymongo"])
def settings(request: pytest.FixtureRequest, mongo_url: str, amqp_url: str, tmp_path: Path) -> Settings:
    """Once for each driver."""
    return made(mongo_url, amqp_url, tmp_path, request.param)


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """No replica of the notifier runs yet."""
    store = Store.connect(settings)
    async with await aio_pika.connect(settings.amqp_url) as connection:
        desk = Desk(connection, await connection.channel(on_return_raises=True))
        await desk.start()
        house = House(settings, desk, store)
        async with VodflowClient(settings.amqp_url, tenant=house.tenant) as client:
            house.client = client
            try:
                yield house
            finally:
                await house.stop()
                await desk.clear()
                await store.drop()
                await store.close()
