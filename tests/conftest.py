"""Fixtures that every kind of test may use: real servers, started once, only when a test asks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.servers import Servers, containers, docker_engine, embedded

ROOT = Path(__file__).parents[1]

settings.register_profile("vodflow", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vodflow")  # no test depends on how fast the machine is

TOGETHER = (Path("tests/e2e"), Path("tests/integration/deploy"), Path("tests/playback"), Path("tests/faults"))
"""What shares something costly or looks at the machine's processes: by file in e2e, else as a whole."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tells pytest-xdist which tests one process must run (`--dist loadgroup`); all others go where there is time."""
    for item in items:
        path = item.path.relative_to(ROOT)
        for folder in TOGETHER:
            if path.is_relative_to(folder):
                item.add_marker(pytest.mark.xdist_group(str(path if folder.name == "e2e" else folder)))


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
