"""Asking how flows stand: one, a page of them, by state; each tenant its own."""

import uuid
from collections.abc import Awaitable, Callable

import pytest

from contracts.errors import Refused
from contracts.flows import FlowState
from tests.e2e import sources
from tests.e2e.desk import ONE_PICTURE, Desk

NOT_FOUND = ("ResourceNotFound.TaskNotFound", "flow_id")


async def pages(desk: Desk, limit: int, state: FlowState | None = None) -> list[list[str]]:
    """Flow ids page by page, to the end."""
    listed, token = [], None
    while True:
        page = await desk.client.list(limit=limit, state=state, scroll_token=token)
        listed.append([flow.flow_id for flow in page.flows])
        if (token := page.scroll_token) is None:
            return listed


async def test_flows_are_listed_newest_first_page_by_page(desk: Desk) -> None:
    flow_ids = [await desk.submit(sources.TRUNCATED, ONE_PICTURE) for _ in range(4)]
    stopped = await desk.submit(sources.BUNNY, ONE_PICTURE)
    await desk.client.cancel(stopped)
    for flow_id in (*flow_ids, stopped):
        await desk.ended(flow_id)
    newest = [stopped, *reversed(flow_ids)]
    assert await pages(desk, 2) == [newest[:2], newest[2:4], newest[4:]]
    assert await pages(desk, 5) == [newest]
    assert await pages(desk, 100, FlowState.FINISHED) == [newest[1:]]
    assert await pages(desk, 3, FlowState.FINISHED) == [newest[1:4], newest[4:]]
    assert await pages(desk, 3, FlowState.ABORTED) == [[stopped]]
    assert await pages(desk, 3, FlowState.WAITING) == [[]]


async def test_a_flow_is_known_as_soon_as_it_is_accepted(desk: Desk) -> None:
    flow_id = await desk.submit(sources.SHORT, ONE_PICTURE, session_id="s", session_context="c", priority=3)
    view = await desk.client.describe(flow_id)
    assert (view.flow_id, view.session_id, view.session_context, view.priority) == (flow_id, "s", "c", 3)
    await desk.ended(flow_id)


async def test_an_unknown_flow_is_not_found(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        await desk.client.describe(uuid.uuid4().hex)
    assert (refused.value.code, refused.value.field) == NOT_FOUND


@pytest.mark.parametrize("token", ["made up", "", "AAAA", "bm8gZGF0ZSBoZXJl"])
async def test_a_token_that_no_listing_gave_is_refused(token: str, desk: Desk) -> None:
    if not token:
        assert (await desk.client.list(scroll_token=token)).flows == []
        return
    with pytest.raises(Refused) as refused:
        await desk.client.list(scroll_token=token)
    assert (refused.value.code, refused.value.field) == ("InvalidParameterValue", "scroll_token")


async def test_tenants_do_not_see_each_other(desk: Desk, desk_of: Callable[[str], Awaitable[Desk]]) -> None:
    stranger = await desk_of(f"t-{uuid.uuid4().hex[:12]}")
    flow_id = await desk.submit(sources.BUNNY, ONE_PICTURE)
    for attempt in (stranger.client.describe(flow_id), stranger.client.cancel(flow_id)):
        with pytest.raises(Refused) as refused:
            await attempt
        assert (refused.value.code, refused.value.field) == NOT_FOUND
    assert (await stranger.client.list()).flows == []
    view = await desk.ended(flow_id)
    assert view.state is FlowState.FINISHED
    assert [flow.flow_id for flow in (await desk.client.list()).flows] == [flow_id]
