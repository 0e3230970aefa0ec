"""Keeps watch over the directories of all enabled workflows, whosesoever they are.

Every replica of intake does; whoever notes a file first takes it (arrival_store.py). The operating system tells what
changes; a look at the whole directory, at the start and now and then, finds what nobody told: what came while intake
was down, or from another machine on a network file system.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from shared.errors import RequestError
from shared.locations import LocalFile
from shared.log import logger
from shared.settings import Settings

from .arrival_handlers import Starter
from .arrival_store import Arrivals
from .arrivals import Version
from .directory_watch import listen
from .settling import Settling
from .triggers import place_of
from .watched import Watched
from .watched_scan import complete, look_around, look_at, there
from .workflow_store import Workflow, Workflows

TICK_S = 0.1
AGAIN_S = 1.0
"""Before listening again when the watcher gave up: it does at the first name that is no UTF-8."""
AT_ONCE = 8
"""Flows that are begun at the same time."""

Key = tuple[str, str]
"""Workflow id, and Workflow.since."""


class WorkflowWatch:
    """The watch of one replica. `changed` is set when a workflow was enabled or disabled here."""

    def __init__(
        self, workflows: Workflows, arrivals: Arrivals, starter: Starter, settings: Settings, changed: asyncio.Event
    ) -> None:
        self._workflows = workflows
        self._arrivals = arrivals
        self._starter = starter
        self._settings = settings
        self._changed = changed
        self._watched: dict[Key, Watched] = {}
        self._scan_at: dict[Key, float] = {}
        self._touched: set[str] = set()
        self._busy = asyncio.Event()
        self._roots: dict[Path, int] = {}
        """The directories that are there, with their inodes."""
        self._moved = asyncio.Event()
        self._stop = threading.Event()
        self._news = True
        """Nothing was heard yet of the present set of directories."""

    async def serve(self) -> None:
        """Watch until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._follow())
                group.create_task(self._listen())
                group.create_task(self._work())
        finally:
            self._stop.set()

    async def _follow(self) -> None:
        """Which workflows are enabled, and whether their directories are still the same ones."""
        while True:
            try:
                await self._refresh()
            except Exception as error:
                logger().warning("can't look up workflows; trying again", error=f"{type(error).__name__}: {error}")
            await _wait(self._changed, self._settings.poll_s)

    async def _refresh(self) -> None:
        enabled = {(one.view.workflow_id, one.since): one for one in await self._workflows.enabled("")}
        for key in self._watched.keys() - enabled.keys():
            del self._watched[key], self._scan_at[key]
        for key in enabled.keys() - self._watched.keys():
            if watched := await self._opened(enabled[key]):
                self._watched[key], self._scan_at[key] = watched, 0.0
                self._busy.set()
        roots = await asyncio.to_thread(there, {watched.root for watched in self._watched.values()})
        if roots != self._roots:
            self._roots = roots
            self._stop.set()
            self._moved.set()

    async def _opened(self, workflow: Workflow) -> Watched | None:
        view = workflow.view
        try:
            place = await asyncio.to_thread(place_of, view.trigger, self._settings.roots)
        except RequestError as error:
            logger().warning("a workflow's place is none any more", workflow_id=view.workflow_id, error=error.message)
            return None
        assert isinstance(place.where, LocalFile)
        known = await self._arrivals.known(view.workflow_id, workflow.since)
        settling = Settling(self._settings.settle_s)
        root = place.where.path
        return Watched(workflow.tenant, view.workflow_id, workflow.since, place, root, known, settling)

    async def _listen(self) -> None:
        while True:
            self._moved.clear()
            self._stop = threading.Event()
            self._news = True
            try:
                if self._roots:
                    await listen(self._roots, self._heard, self._stop)
                else:
                    await self._moved.wait()
            except OSError as error:
                logger().warning("can't watch for changes; looking at the whole instead", error=str(error))
                self._look_soon()
                await _wait(self._moved, self._settings.rescan_s if self._news else AGAIN_S)

    def _look_soon(self) -> None:
        self._scan_at = dict.fromkeys(self._scan_at, 0.0)
        self._busy.set()

    def _heard(self, paths: Iterable[str]) -> None:
        if self._news:
            self._news = False
            self._look_soon()
        if paths:
            self._touched.update(paths)
            self._busy.set()

    async def _work(self) -> None:
        while True:
            restless = any(len(watched.settling) for watched in self._watched.values())
            due = min(self._scan_at.values(), default=float("inf")) - time.monotonic()
            await _wait(self._busy, TICK_S if restless else max(TICK_S, min(due, self._settings.rescan_s)))
            touched, self._touched = self._touched, set()
            for key, watched in list(self._watched.items()):
                try:
                    await self._see(key, watched, touched)
                    await self._take_rested(watched)
                except Exception as error:
                    text = f"{type(error).__name__}: {error}"
                    logger().warning("can't take files; trying again", workflow_id=watched.workflow_id, error=text)
                    self._scan_at[key] = time.monotonic() + self._settings.poll_s

    async def _see(self, key: Key, watched: Watched, touched: Iterable[str]) -> None:
        prefix = f"{watched.root}/"
        names = [path[len(prefix) :] for path in touched if path.startswith(prefix)]
        if names:
            directories = await asyncio.to_thread(look_at, watched, names)
            self._scan_at[key] = 0.0 if directories else self._scan_at[key]
        if self._scan_at.get(key, float("inf")) <= time.monotonic():
            self._scan_at[key] = time.monotonic() + self._settings.rescan_s
            changes = await asyncio.to_thread(look_around, watched)
            await self._arrivals.gone(changes.gone)
            await self._arrivals.back(changes.back)

    async def _take_rested(self, watched: Watched) -> None:
        rested = await asyncio.to_thread(complete, watched)
        slots = asyncio.Semaphore(AT_ONCE)

        async def take(name: str, version: Version) -> None:
            async with slots:
                await self._starter.take(watched.arrival(name, version))
            watched.took(name, version)

        async with asyncio.TaskGroup() as group:
            for name, version in rested:
                group.create_task(take(name, version))


async def _wait(event: asyncio.Event, at_most_s: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(at_most_s):
            await event.wait()
    event.clear()
