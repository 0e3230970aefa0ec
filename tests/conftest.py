"""Fixtures that every kind of test may use: real servers, started once, only when a test asks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Servers, containers, docker_engine, embedded


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine() -> Iterator[None]:
    """Variables of whoever runs the tests must not leak into what they start."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("VODFLOW_")}
    for name in kept:
        if name != "VODFLOW_MONGOD":
            del os.environ[name]
    yield
    os.environ.update(kept)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A RabbitMQ and a MongoDB without any of our services on them."""
    data: Path = tmp_path_factory.mktemp("servers")
    with containers() if docker_engine() else embedded(data) as running:
        yield running


@pytest.fixture(scope="session")
def amqp_url(servers: Servers) -> str:
    """RabbitMQ."""
    return servers.amqp_url


@pytest.fixture(scope="session")
def mongo_url(servers: Servers) -> str:
    """MongoDB."""
    return servers.mongo_url
