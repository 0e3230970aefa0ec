"""The planner's flows: saved by one of two, claimed by one of many, found when due."""

import asyncio
from datetime import UTC, datetime, timedelta

from contracts.flows import FlowState, Input
from contracts.media import MediaInfo
from services.planner.flow import UnitState, new_flow
from services.planner.store import Flows
from tests.integration.shared.stored_flows import NOW, flow, message
from tests.waiting import until


async def test_a_flow_is_added_once(here: Flows) -> None:
    assert await here.add(flow())
    assert not await here.add(flow())


async def test_another_tenants_flow_is_not_there(here: Flows) -> None:
    await here.add(flow(tenant="a"))

    assert await here.load(flow().flow_id, "a") is not None
    assert await here.load(flow().flow_id, "b") is None


async def test_only_one_of_two_writers_saves(here: Flows, there: Flows) -> None:
    await here.add(flow())
    mine, theirs = await here.load(flow().flow_id), await there.load(flow().flow_id)
    assert mine is not None and theirs is not None
    mine.flow.sequence = 7

    assert await here.save(mine.flow, mine.revision, [], None)
    assert not await there.save(theirs.flow, theirs.revision, [message(1)], None)

    kept = await here.load(flow().flow_id)
    assert kept is not None and kept.flow == mine.flow
    assert await here.take_outbox(flow().flow_id) == []


async def test_the_most_urgent_unplanned_flow_is_claimed_by_one_at_a_time(here: Flows, there: Flows) -> None:
    await here.add(flow(2))
    await here.add(flow(1))
    await here.add(flow(3, priority=5))

    claims = [await flows.claim_unplanned() for flows in (here, there, here, there)]

    found = [claim[0].flow.flow_id if claim else None for claim in claims]
    assert found == [flow(3).flow_id, flow(1).flow_id, flow(2).flow_id, None]


async def test_an_unplanned_flow_whose_planner_vanished_is_claimed_again(here: Flows, there: Flows) -> None:
    await here.add(flow())
    assert await here.claim_unplanned() is not None

    _, probes = await until(there.claim_unplanned, "the claim to lapse")

    assert probes == 2


async def test_a_held_flow_stays_and_a_released_one_is_free_after_the_pause(here: Flows, there: Flows) -> None:
    await here.add(flow())
    assert await here.claim_unplanned() is not None
    for _ in range(6):
        await here.hold_unplanned(flow().flow_id)
        assert await there.claim_unplanned() is None
        await asyncio.sleep(0.1)

    await there.release_unplanned(flow().flow_id, 0)
    assert await there.claim_unplanned() is None
    await here.release_unplanned(flow().flow_id, 0)
    assert await until(there.claim_unplanned, "the flow to be free") is not None


async def test_a_planned_flow_is_not_claimed(here: Flows) -> None:
    await here.add(flow())
    stored = await here.load(flow().flow_id)
    assert stored is not None
    stored.flow.state = FlowState.PROCESSING
    stored.flow.media = MediaInfo(container="mp4", size_bytes=1000, duration_s=1.0)
    assert await here.save(stored.flow, stored.revision, [], None)

    assert await here.claim_unplanned() is None


async def test_a_flow_whose_source_is_to_be_fetched_is_claimed_when_it_is_there(here: Flows) -> None:
    asked = flow().accepted.model_copy(update={"input": Input(url="https://example.org/a.mp4")})
    await here.add(new_flow(asked, "default", None, 0.0))
    assert await here.claim_unplanned() is None
    assert await here.due() == [flow().flow_id]
    stored = await here.load(flow().flow_id)
    assert stored is not None
    stored.flow.units["fetch"].state = UnitState.SUCCESS
    assert await here.save(stored.flow, stored.revision, [], None)
    assert await here.due() == []
    assert await here.claim_unplanned() is not None


async def test_due_unsent_and_uncleaned_flows_are_found_in_their_time(here: Flows) -> None:
    for number in (1, 2, 3):
        await here.add(flow(number))
    past, future = datetime.now(UTC) - timedelta(seconds=1), datetime.now(UTC) + timedelta(hours=1)
    for number, due in ((1, past), (2, future), (3, None)):
        stored = await here.load(flow(number).flow_id)
        assert stored is not None
        assert await here.save(stored.flow, stored.revision, [], due)
    assert await here.due() == [flow(1).flow_id]

    stored = await here.load(flow(1).flow_id)
    assert stored is not None
    ended = stored.flow.model_copy(update={"state": FlowState.FINISHED, "ended_at": datetime.now(UTC)})
    assert await here.save(ended, stored.revision, [], None)
    assert await here.due() == []
    assert await here.ended_uncleaned() == [flow(1).flow_id]

    await here.cleaned(flow(1).flow_id, again_s=3600)
    assert await here.ended_uncleaned() == []


async def test_scratch_is_cleaned_twice_and_then_no_more(here: Flows) -> None:
    await here.add(flow())
    stored = await here.load(flow().flow_id)
    assert stored is not None
    ended = stored.flow.model_copy(update={"state": FlowState.FINISHED, "ended_at": datetime.now(UTC)})
    await here.save(ended, stored.revision, [], None)

    await here.cleaned(flow().flow_id, again_s=-1)
    assert await here.ended_uncleaned() == [flow().flow_id]
    await here.cleaned(flow().flow_id, again_s=-1)
    assert await here.ended_uncleaned() == []


async def test_a_flow_that_had_ended_before_is_not_cleaned_again(here: Flows) -> None:
    await here.add(flow())
    ended = flow().model_copy(update={"state": FlowState.FINISHED, "ended_at": datetime.now(UTC)})
    assert await here.save(ended, 1, [], None)
    await here.cleaned(flow().flow_id, again_s=3600)
    assert await here.save(ended, 2, [], None, had_ended=True)
    assert await here.ended_uncleaned() == []


async def test_progress_grows_by_unit(here: Flows) -> None:
    await here.add(flow())

    await here.progress(flow().flow_id, "video-0-chunk-1", 40.0)
    await here.progress(flow().flow_id, "video-0-chunk-2", 5.0)

    assert await here.progress(flow().flow_id, "video-0-chunk-1", 30.0) == {
        "video-0-chunk-1": 40.0,
        "video-0-chunk-2": 5.0,
    }
    assert await here.progress(flow(9).flow_id, "x", 1.0) == {}


async def test_pages_show_every_flow_once_newest_first(here: Flows) -> None:
    for number in range(1, 8):
        await here.add(flow(number, created=NOW + timedelta(seconds=number // 2)))
    await here.add(flow(99, tenant="other"))

    seen: list[str] = []
    before = None
    while page := await here.list("default", None, 2, before):
        seen += [one.flow_id for one in page]
        before = (page[-1].accepted.accepted_at, page[-1].flow_id)

    expected = sorted(range(1, 8), key=lambda number: (-(number // 2), f"{number:032x}"))
    assert seen == [flow(number).flow_id for number in expected]
    assert await here.list("default", FlowState.FINISHED, 10, None) == []
