"""Intake alone, with a database and a storage root of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import aio_pika
import pytest

from contracts.client import VodflowClient
from shared.settings import Settings
from shared.store import Store
from tests.integration.shared.conftest import made
from tests.integration.shared.desk import Desk
from tests.integration.workflows.house import TENANT, House


@pytest.fixture
def settings(mongo_url: str, amqp_url: str, tmp_path: Path) -> Settings:
    """Short times, and no look at whole directories that would do the watcher's work."""
    return made(mongo_url, amqp_url, tmp_path, "motor").model_copy(update={"settle_s": 0.4, "rescan_s": 1000.0})


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """No replica of intake runs yet."""
    store = Store.connect(settings)
    async with (
        await aio_pika.connect(settings.amqp_url) as connection,
        VodflowClient(settings.amqp_url, tenant=TENANT) as client,
    ):
        desk = Desk(connection, await connection.channel(on_return_raises=True))
        await desk.start()
        house = House(settings, desk, client, store)
        try:
            yield house
        finally:
            await house.stop()
            await desk.clear()
            await store.drop()
            await store.close()
