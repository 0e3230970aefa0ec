"""Intake alone on real servers: as many replicas as a test wants, what they say, and a directory that files come to."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from contracts import topology
from contracts.client import VodflowClient
from contracts.envelope import CloudEvent
from contracts.workflows import WorkflowPut, WorkflowView
from services.intake.app import build
from shared import telemetry
from shared.bus import Bus
from shared.parts import Parts
from shared.service import App
from shared.settings import Settings
from shared.storage import Storage
from shared.store import Collection, Store
from tests.integration.shared.desk import Desk
from tests.waiting import until

TASKS: dict[str, Any] = {"snapshot_by_time_offset": [{"definition": 10, "time_offsets": ["0s"]}]}
TENANT = "acme"


@asynccontextmanager
async def replica(settings: Settings) -> AsyncIterator[App]:
    """One process's worth of intake."""
    tracer = telemetry.start("test", settings)
    store, bus = Store.connect(settings), Bus("intake", settings, tracer)
    app = build(Parts(settings, bus, store, Storage(settings), tracer))
    await app.prepare()
    await bus.start()
    serving = asyncio.create_task(app.serve())
    try:
        yield app
    finally:
        await app.stop()
        await bus.stop()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await store.close()


class House:
    """Replicas of intake, a client, a directory `inbox`, and every public event so far."""

    def __init__(self, settings: Settings, desk: Desk, client: VodflowClient, store: Store) -> None:
        self.settings = settings
        self.desk = desk
        self.client = client
        self.inbox = settings.roots[0] / "in"
        self.outbox = settings.roots[0] / "out"
        self.inbox.mkdir(parents=True)
        self._store = store
        self._events: list[CloudEvent] = []
        self._queue: topology.Queue | None = None
        self._replicas: list[AsyncExitStack] = []
        self._numbers = itertools.count(1)

    async def start(self, replicas: int = 1) -> None:
        """Start so many more."""
        if self._queue is None:
            self._queue = await self.desk.queue((topology.EVENTS, "#"))
        for _ in range(replicas):
            stack = AsyncExitStack()
            await stack.enter_async_context(replica(self.settings))
            self._replicas.append(stack)

    async def stop(self) -> None:
        """Stop all."""
        while self._replicas:
            await self._replicas.pop().aclose()

    @property
    def arrivals(self) -> Collection:
        """Intake's documents."""
        return self._store.collection("arrivals")

    async def workflow(self, **members: Any) -> WorkflowView:
        """A workflow on the inbox; disabled."""
        asked = {
            "name": f"w{next(self._numbers)}",
            "trigger": {"storage": self.inbox.as_uri(), "formats": ["mp4"]},
            "output": {"storage": self.outbox.as_uri()},
            "tasks": TASKS,
            **members,
        }
        if "procedure" in members:
            del asked["tasks"]
        return await self.client.put_workflow(WorkflowPut.model_validate(asked))

    async def enabled(self, **members: Any) -> WorkflowView:
        """The same, enabled."""
        return await self.client.enable_workflow((await self.workflow(**members)).workflow_id)

    def write(self, name: str, content: bytes = b"film") -> Path:
        """A file in the inbox."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    async def flows(self) -> list[str]:
        """The names below the inbox of the files whose flows were told so far."""
        return [_name(url, self.inbox.as_uri()) for url in await self.urls()]

    async def urls(self) -> list[str]:
        """The sources of the flows told so far."""
        return [str(event.data["input"]["url"]) for event in await self.told("flow.accepted.v1")]

    async def told(self, key: str) -> list[CloudEvent]:
        """The events of a type so far."""
        assert self._queue is not None
        for _ in range(await self.desk.waiting(self._queue)):
            self._events.append(await self.desk.event(self._queue))
        return [event for event in self._events if event.key == key]

    async def has(self, *names: str) -> None:
        """Wait until these files have flows."""
        wanted = set(names)

        async def check() -> bool:
            return wanted <= set(await self.flows())

        await until(check, f"flows of {names}")

    async def failures(self, count: int) -> list[CloudEvent]:
        """Wait until so many files were told to have no flow."""

        async def check() -> bool:
            return len(await self.told("workflow.failed.v1")) >= count

        await until(check, f"{count} failures")
        return await self.told("workflow.failed.v1")

    async def only(self, *names: str) -> None:
        """Each of these files has a flow, and no other: what was there before a last one would have had it by now."""
        last = f"last-{next(self._numbers)}.mp4"
        self.write(last)
        await self.has(last, *names)
        found = sorted(name for name in await self.flows() if not name.startswith("last-"))
        assert found == sorted(names), found

    async def versions(self, names: Iterable[str]) -> list[int]:
        """The sizes with which files were taken."""
        urls = [(self.inbox / name).as_uri() for name in names]
        found = await self.arrivals.find({"url": {"$in": urls}, "since": {"$ne": ""}}).to_list(None)
        return sorted(int(one["version"].split("-")[0]) for one in found)


def _name(url: str, base: str) -> str:
    return url.removeprefix(base + "/")
