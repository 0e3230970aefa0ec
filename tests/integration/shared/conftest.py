"""A database of its own for each test, on both drivers."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from shared.settings import Settings
from shared.store import Store


@pytest.fixture(params=["motor", "pymongo"])
def settings(request: pytest.FixtureRequest, mongo_url: str, amqp_url: str) -> Settings:
    """Settings for the test's own database, with short times."""
    before, _, options = mongo_url.rpartition("/vodflow")
    return Settings(
        mongo_driver=request.param,
        mongo_url=f"{before}/test_{uuid4().hex[:12]}{options}",
        amqp_url=amqp_url,
        lease_s=0.6,
        poll_s=0.1,
        slots=2,
    )


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """The test's own database; dropped afterwards."""
    store = Store.connect(settings)
    yield store
    await store.drop()
    await store.close()
