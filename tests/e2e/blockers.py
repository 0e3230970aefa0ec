"""Work that keeps every transcoding slot busy until it is cancelled, so that what is queued meanwhile is certain."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from contracts.errors import Refused
from tests.e2e import sources
from tests.e2e.desk import Desk
from tests.e2e.rates import believed
from tests.waiting import until

SLOTS = 2
HUGE: dict[str, Any] = {
    "transcode": [{"definition": 100040, "override": {"video": {"height": 1440, "fps": 60, "bitrate_kbps": 8000}}}]
}
"""Minutes of work, if it were let."""
CHEAP = {"vp8.h264.huge": 0.02, "vp8.h264.large": 0.02}
"""So cheap, the planner believes, that it is not cut."""


@asynccontextmanager
async def blocked(desk: Desk, database: Any) -> AsyncIterator[list[str]]:
    """Every slot runs a flow of the desk's tenant; their ids. Whichever is still there is cancelled at the end."""
    async with believed(database, CHEAP):
        flow_ids = [await desk.submit(sources.BUNNY, HUGE) for _ in range(SLOTS)]
        for flow_id in flow_ids:
            await desk.until(partial(_begun, desk, flow_id), "a busy slot")
    try:
        yield flow_ids
    finally:
        for flow_id in flow_ids:
            try:
                await desk.client.cancel(flow_id)
            except Refused as refused:
                assert refused.code == "FailedOperation.TaskEnded"
            await desk.recorded_end(flow_id)


async def queued(desk: Desk, database: Any, flow_ids: list[str]) -> None:
    """Wait until each flow's rendition waits for a slot."""

    waiting = {"request.flow_id": {"$in": flow_ids}, "state": "waiting"}

    async def all_there() -> bool:
        return bool(await database.transcode_units.count_documents(waiting) == len(flow_ids))

    await until(all_there, f"{len(flow_ids)} waiting units")


def _begun(desk: Desk, flow_id: str) -> bool:
    return (flow_id, "transcode-1") in desk.recorder.begun()
