"""Fixtures of every kind of integration test."""

from collections.abc import AsyncIterator

import pytest

from tests.proxy import Proxy, proxy


@pytest.fixture
async def line(amqp_url: str) -> AsyncIterator[Proxy]:
    """A way to the broker that can be cut."""
    async with proxy(amqp_url) as made:
        yield made
