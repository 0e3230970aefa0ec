"""A database of its own for each test, on both drivers; buses that leave no messages behind for the next test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import aio_pika
import boto3
import pytest
from moto.server import ThreadedMotoServer

from services.planner.store import Flows
from shared import telemetry
from shared.bus import Bus
from shared.settings import Settings
from shared.store import Store
from shared.telemetry import Tracer
from tests.integration.shared.desk import Desk
from tests.integration.shared.places import Place
from tests.integration.shared.stage import Stage
from tests.proxy import Proxy


def made(mongo_url: str, amqp_url: str, work: Path, driver: str) -> Settings:
    """Settings for a database of the test's own, with short times."""
    before, _, options = mongo_url.rpartition("/vodflow")
    return Settings.model_validate(
        {
            "mongo_driver": driver,
            "mongo_url": f"{before}/test_{uuid4().hex[:12]}{options}",
            "amqp_url": amqp_url,
            "storage_roots": str(work / "storage"),
            "scratch_url": (work / "scratch").as_uri(),
            "work_dir": work / "work",
            "lease_s": 0.6,
            "poll_s": 0.1,
            "grace_s": 0.2,
            "slots": 2,
            "worker_name": "here",
        }
    )


@pytest.fixture(params=["motor", "pymongo"])
def settings(request: pytest.FixtureRequest, mongo_url: str, amqp_url: str, tmp_path: Path) -> Settings:
    """Once for each driver."""
    return made(mongo_url, amqp_url, tmp_path, request.param)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """The test's own database; dropped afterwards."""
    store = Store.connect(settings)
    yield store
    await store.drop()
    await store.close()


@pytest.fixture
def tracer(tmp_path: Path) -> Tracer:
    """Traces that nobody keeps."""
    return telemetry.start("test", Settings())


@pytest.fixture
async def bus(line: Proxy, tracer: Tracer) -> AsyncIterator[Bus]:
    """A service's bus through the line; not started, so that a test can put its handlers on it."""
    bus = Bus("test", Settings(amqp_url=line.url, grace_s=1.0), tracer)
    yield bus
    await bus.stop()


@pytest.fixture
async def desk(amqp_url: str) -> AsyncIterator[Desk]:
    """The system's exchanges with nothing in its queues, seen from outside by a plain client."""
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel(on_return_raises=True)
        desk = Desk(connection, channel)
        await desk.start()
        yield desk
        await desk.clear()


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def bucket(s3_endpoint: str) -> str:
    client = boto3.client(
        "s3",
        endpoint_url=s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_bucket(Bucket="media")
    client.create_bucket(Bucket="other")
    client.close()
    return "media"


@pytest.fixture(params=["file", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    options: dict[str, object] = {
        "storage_roots": str(tmp_path / "storage"),
        "scratch_url": (tmp_path / "scratch").as_uri(),
        "work_dir": tmp_path / "work",
    }
    if request.param == "s3":
        request.getfixturevalue("bucket")
        options |= {
            "scratch_url": f"s3://media/{tmp_path.name}/scratch",
            "s3_endpoint": request.getfixturevalue("s3_endpoint"),
            "s3_access_key_id": "test",
            "s3_secret_access_key": "test",
        }
    return Place(request.param, tmp_path, Settings.model_validate(options))


@pytest.fixture
async def here(store: Store) -> Flows:
    flows = Flows(store, "here", 0.5)
    await flows.prepare()
    return flows


@pytest.fixture
def there(store: Store) -> Flows:
    return Flows(store, "there", 0.5)


@pytest.fixture
async def stage(settings: Settings, store: Store, desk: Desk, tracer: Tracer, tmp_path: Path) -> Stage:
    return Stage(settings, store, desk, await desk.queue(), tracer, tmp_path)
