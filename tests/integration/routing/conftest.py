"""The notifier alone, with a database of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import aio_pika
import pytest

from contracts.client import VodflowClient
from shared.settings import Settings
from shared.store import Store
from tests.integration.routing.house import House
from tests.integration.shared.conftest import made
from tests.integration.shared.desk import Desk


@pytest.fixture
def settings(mongo_url: str, amqp_url: str, tmp_path: Path) -> Settings:
    """A database of the test's own."""
    return made(mongo_url, amqp_url, tmp_path, "motor").model_copy(update={"grace_s": 5.0})


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
                await house.forget()
                await desk.clear()
                await store.drop()
                await store.close()
