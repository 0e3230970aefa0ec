"""One running stack for all end-to-end tests, with every service, an S3 server and traces."""

import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from contracts.client import VodflowClient
from deploy.local.stack import ONE_OF_EACH
from tests.e2e.desk import Desk
from tests.e2e.recorder import Recorder
from tests.e2e.s3 import S3, s3_server
from tests.running import RunningStack

FAST = {
    "VODFLOW_POLL_S": "0.3",
    "VODFLOW_RETRY_S": "0.2",
    "VODFLOW_SLOTS": "2",
    "VODFLOW_FLEET_SLOTS": "2",
    "VODFLOW_LEASE_S": "10",
    "VODFLOW_FETCH_NETWORKS": "127.0.0.0/8",
    "VODFLOW_CALLBACK_NETWORKS": "127.0.0.0/8",
}
Desks = Callable[[str], Awaitable[Desk]]


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server on this machine."""
    with s3_server() as server:
        yield server


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, s3: S3) -> Iterator[RunningStack]:
    """Every service."""
    data = tmp_path_factory.mktemp("stack")
    settings = {**FAST, **s3.settings, "VODFLOW_TRACE_FILE": str(data / "trace.jsonl")}
    with RunningStack(data, ONE_OF_EACH, settings) as running:
        yield running


@pytest.fixture(scope="session")
def recorder(stack: RunningStack) -> Iterator[Recorder]:
    """Every public event of the session."""
    with Recorder(stack.environment.amqp_url) as listening:
        yield listening


@pytest.fixture
async def desk_of(stack: RunningStack, recorder: Recorder, request: pytest.FixtureRequest) -> AsyncIterator[Desks]:
    """Makes desks: `await desk_of(tenant)`."""
    name = re.sub(r"\W+", "-", request.node.name)[:40]
    directory = stack.environment.storage_root / f"{name}-{uuid.uuid4().hex[:8]}"
    async with AsyncExitStack() as open_clients:

        async def make(tenant: str) -> Desk:
            client = VodflowClient(stack.environment.amqp_url, tenant=tenant, source="e2e")
            return Desk(stack, await open_clients.enter_async_context(client), recorder, directory)

        yield make


@pytest.fixture
async def desk(desk_of: Desks) -> Desk:
    """A desk of a tenant of the test's own."""
    return await desk_of(f"t-{uuid.uuid4().hex[:12]}")


@pytest.fixture
async def database(stack: RunningStack) -> AsyncIterator[Any]:
    """The services' documents."""
    client: AsyncMongoClient[Any] = AsyncMongoClient(stack.environment.mongo_url)
    async with client:
        yield client.get_default_database()
