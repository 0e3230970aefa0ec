"""One stack for all fault tests: every service, two transcoders, short times, an ffmpeg that can be held up."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from contracts.client import VodflowClient
from deploy.local.stack import ONE_OF_EACH
from shared.settings import Settings
from shared.store import Store
from tests.faults.ffmpeg_gates import clip, gated_ffmpeg
from tests.faults.house import SETTINGS, House
from tests.faults.notifiers import Notifiers
from tests.running import RunningStack


@pytest.fixture(scope="session")
def gates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gated")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, gates: Path) -> Iterator[RunningStack]:
    path = f"{gated_ffmpeg(gates)}{os.pathsep}{os.environ['PATH']}"
    data = tmp_path_factory.mktemp("faults")
    with RunningStack(data, {**ONE_OF_EACH, "transcoder": 2}, {**SETTINGS, "PATH": path}) as running:
        clip(running.environment.storage_root / "in put.mp4")
        yield running


@pytest.fixture(scope="session")
def two_notifiers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Two notifiers, and nothing else, on servers of their own."""
    with RunningStack(tmp_path_factory.mktemp("notifiers"), {"notifier": 2}, SETTINGS) as running:
        yield running


@pytest.fixture
async def notifiers(two_notifiers: RunningStack) -> AsyncIterator[Notifiers]:
    """Both, well before and after."""
    notifiers = Notifiers(two_notifiers)
    await notifiers.ready()
    yield notifiers
    await notifiers.ready()


@pytest.fixture
async def house(running: RunningStack, gates: Path) -> AsyncIterator[House]:
    """The stack, well before and after."""
    environment = running.environment
    store = Store.connect(Settings(mongo_driver="pymongo", mongo_url=environment.mongo_url))
    async with VodflowClient(environment.amqp_url, source="test") as client:
        house = House(running, store, client, gates / "gates", environment.storage_root / "in put.mp4")
        await house.all_ready()
        await house.listen()
        yield house
        house.open_all()
        await house.all_ready()
    await store.close()
