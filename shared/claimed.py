"""One claimed unit on a worker: its files while it runs, and what happens at its end."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from contracts import codes
from contracts.looks import Look
from contracts.units import ErrorKind, UnitError, UnitFinished

from .attempt import Made, Worker
from .errors import InexactError, LeaseLost, WorkError
from .leases import Lease
from .log import logger
from .looking import looked
from .storage import Storage


class ClaimedUnit:
    """The `Attempt` that a worker's code sees, and the record of what it left where."""

    def __init__(self, lease: Lease, storage: Storage, work_dir: Path) -> None:
        self.lease = lease
        self.directory = work_dir / "units" / f"{lease.request.flow_id}.{lease.tag}"
        self.percent = 0.0
        self.moves: list[tuple[str, str]] = []
        self.looks: list[Look] = []
        self.won = False
        """Whether this attempt has won, or may have: then its files belong to the result."""
        self._kept: list[str] = []
        self._storage = storage
        self._scratch_url = f"{storage.scratch_url}/{lease.request.flow_id}"

    async def source(self, url: str) -> Path:
        return await self._storage.local(url)

    async def keep(self, path: Path, name: str) -> str:
        url = f"{self._scratch_url}/{self.lease.tag}.{name}"
        self._kept.append(url)
        await self._storage.put(path, url)
        return url

    async def stage(self, path: Path, url: str) -> None:
        self.moves.append((await self.keep(path, f"result{len(self.moves)}"), url))
        if url in self.lease.request.look_at:
            self.looks += await looked(path, url)

    def progress(self, percent: float) -> None:
        self.percent = max(self.percent, min(percent, 100.0))

    async def drop(self) -> None:
        """Remove what was stored, unless it belongs to a result: this attempt has lost or failed."""
        if self.won:
            return
        for url in self._kept:
            with contextlib.suppress(WorkError):
                await self._storage.remove(url)

    @contextlib.asynccontextmanager
    async def workspace(self) -> AsyncIterator[None]:
        """The working directory, there for the block."""
        await asyncio.to_thread(self.directory.mkdir, parents=True, exist_ok=True)
        try:
            yield
        finally:
            await asyncio.to_thread(shutil.rmtree, self.directory, ignore_errors=True)


async def attempt(claimed: ClaimedUnit, work: Worker, max_claims: int) -> UnitFinished:
    """Do the work; its result, a failure included. Only cancellation and LeaseLost come out as exceptions."""
    lease = claimed.lease
    started, clock = datetime.now(UTC), time.monotonic()
    made, error = Made(), None
    if lease.claims > max_claims:
        text = f"{lease.claims - 1} workers died or lost touch while at {lease.request.unit_id}"
        error = UnitError(kind=ErrorKind.PERMANENT, code=codes.WORKER_LOST, message=text)
    else:
        try:
            async with claimed.workspace():
                made = await work(lease.request.work, claimed)
        except LeaseLost:
            raise
        except WorkError as failure:
            error = failure.told()
            logger().warning(
                "unit failed",
                flow_id=lease.request.flow_id,
                unit_id=lease.request.unit_id,
                code=failure.code,
                error=failure.message,
                inexact=isinstance(failure, InexactError),
            )
        except Exception as bug:
            logger().error("unit failed unexpectedly", unit_id=lease.request.unit_id, exc_info=bug)
            error = UnitError(
                kind=ErrorKind.TRANSIENT, code=codes.INTERNAL_ERROR, message=f"{type(bug).__name__}: {bug}"
            )
    return UnitFinished(
        flow_id=lease.request.flow_id,
        unit_id=lease.request.unit_id,
        attempt=lease.request.attempt,
        worker=lease.owner,
        error=error,
        files=made.files if error is None else [],
        output=made.output if error is None else None,
        looks=claimed.looks if error is None else [],
        started_at=started,
        work_s=time.monotonic() - clock,
    )
