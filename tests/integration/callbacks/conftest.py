"""The notifier's callbacks with a database of the test's own, and receivers on the loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import aio_pika
import pytest

from shared.settings import Settings
from shared.store import Store
from tests.integration.callbacks.house import House
from tests.integration.callbacks.receivers import Receiver, receiving
from tests.integration.shared.conftest import made
from tests.integration.shared.desk import Desk


@pytest.fixture
def settings(mongo_url: str, amqp_url: str, tmp_path: Path) -> Settings:
    return made(mongo_url, amqp_url, tmp_path, "motor")


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """No replica runs yet; every subscription is gone afterwards."""
    store = Store.connect(settings)
    async with await aio_pika.connect(settings.amqp_url) as connection:
        channel = await connection.channel(on_return_raises=True)
        desk = Desk(connection, channel)
        await desk.start()
        house = House(settings, store, channel)
        try:
            yield house
        finally:
            for subscription in house.made:
                await house.delete(subscription)
            await desk.clear()
            await store.drop()
            await store.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made
