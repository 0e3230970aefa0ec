"""Who goes first: by priority, then fairly among tenants."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.e2e import sources
from tests.e2e.blockers import blocked, queued
from tests.e2e.desk import SMALL_RENDITION, Desk


def order(desk: Desk, flow_ids: list[str]) -> list[str]:
    """Those flows, as their renditions started."""
    return [flow_id for flow_id, _ in desk.recorder.begun() if flow_id in flow_ids]


async def test_higher_priority_goes_first(desk: Desk, database: Any) -> None:
    async with blocked(desk, database) as running:
        low = [await desk.submit(sources.SHORT, SMALL_RENDITION, priority=-1) for _ in range(2)]
        plain = [await desk.submit(sources.SHORT, SMALL_RENDITION)]
        high = [await desk.submit(sources.SHORT, SMALL_RENDITION, priority=10)]
        every = [*low, *plain, *high]
        await queued(desk, database, every)
        await desk.client.cancel(running[0])
        for flow_id in every:
            await desk.ended(flow_id)
    begun = order(desk, every)
    assert (begun[:1], begun[1:2], set(begun[2:])) == (high, plain, set(low))


async def test_one_flow_of_a_tenant_does_not_wait_for_all_of_another(
    desk: Desk, desk_of: Callable[[str], Awaitable[Desk]], database: Any
) -> None:
    other = await desk_of(f"{desk.directory.name[-8:]}-b")
    async with blocked(desk, database) as running:
        many = [await desk.submit(sources.SHORT, SMALL_RENDITION) for _ in range(6)]
        await queued(desk, database, many)
        late = await other.submit(sources.SHORT, SMALL_RENDITION)
        await queued(desk, database, [*many, late])
        await desk.client.cancel(running[0])
        for flow_id in many:
            await desk.ended(flow_id)
        await other.ended(late)
    begun = order(desk, [*many, late])
    assert (begun[0], set(begun[1:])) == (late, set(many))
