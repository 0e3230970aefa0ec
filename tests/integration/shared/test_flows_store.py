"""The planner's documents: added once, saved by compare-and-swap, told in order. Real MongoDB, both drivers."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

import pytest

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.flows import FlowAccepted, FlowState, Input, Output
from contracts.media import MediaInfo
from services.planner.flow import Flow, UnitState, new_flow
from services.planner.outgoing import Outgoing
from services.planner.rates import Rates
from services.planner.relay import Relay
from services.planner.shares import Shares
from services.planner.store import Flows
from shared.bus import Bus
from shared.settings import Settings
from shared.store import Store
from shared.telemetry import Tracer
from tests.integration.shared.desk import Desk
from tests.waiting import until

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def flow(number: int = 1, *, tenant: str = "default", created: datetime = NOW, priority: int = 0) -> Flow:
    accepted = FlowAccepted(
        flow_id=f"{number:032x}",
        input=Input(url="file:///in.mp4"),
        output=Output(storage="file:///out/"),
        subtasks=[],
        priority=priority,
        accepted_at=created,
    )
    return new_flow(accepted, tenant, None, float(number))


def message(number: int, exchange: str = topology.EVENTS) -> Outgoing:
    return Outgoing(
        exchange=exchange, event=CloudEvent(id=f"e-{number}", source="test", type="vodflow.test.x", sequence=number)
    )


def ids(messages: list[Outgoing]) -> list[str]:
    return [one.event.id for one in messages]


@pytest.fixture
async def here(store: Store) -> Flows:
    flows = Flows(store, "here", 0.5)
    await flows.prepare()
    return flows


@pytest.fixture
def there(store: Store) -> Flows:
    return Flows(store, "there", 0.5)


async def say(flows: Flows, *numbers: int) -> None:
    """Append messages to the first flow's outbox."""
    while True:
        stored = await flows.load(flow().flow_id)
        assert stored is not None
        if await flows.save(stored.flow, stored.revision, [message(number) for number in numbers], None):
            return


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


async def test_an_outbox_is_taken_by_one_and_in_order(here: Flows, there: Flows) -> None:
    await here.add(flow())
    await say(here, 1, 2)
    await say(here, 3)

    taken = await here.take_outbox(flow().flow_id)
    assert ids(taken) == ["e-1", "e-2", "e-3"]
    assert await there.take_outbox(flow().flow_id) == []

    await here.sent(flow().flow_id, taken)
    assert await there.take_outbox(flow().flow_id) == []


async def test_what_is_appended_meanwhile_stays(here: Flows, there: Flows) -> None:
    await here.add(flow())
    await say(here, 1)
    taken = await here.take_outbox(flow().flow_id)
    await say(there, 2, 3)

    await here.sent(flow().flow_id, taken)

    assert ids(await there.take_outbox(flow().flow_id)) == ["e-2", "e-3"]


async def test_a_slow_relay_takes_nothing_away_that_it_did_not_publish(here: Flows, there: Flows) -> None:
    await here.add(flow())
    await say(here, 1, 2)
    slow = await here.take_outbox(flow().flow_id)

    async def lapsed() -> list[Outgoing]:
        return await there.take_outbox(flow().flow_id)

    quick = await until(lambda: _some(lapsed()), "the relay's lease to lapse")
    await there.sent(flow().flow_id, quick)
    await say(here, 3, 4)
    latest = await there.take_outbox(flow().flow_id)

    await here.sent(flow().flow_id, slow)
    assert await here.take_outbox(flow().flow_id) == []
    assert ids(latest) == ["e-3", "e-4"]
    again = await until(lambda: _some(lapsed()), "the relay's lease to lapse")
    assert ids(again) == ["e-3", "e-4"]


async def _some(found: Awaitable[list[Outgoing]]) -> list[Outgoing] | None:
    return await found or None


async def test_two_relays_never_publish_out_of_order(
    here: Flows, there: Flows, store: Store, desk: Desk, tracer: Tracer, amqp_url: str
) -> None:
    into = await desk.queue((topology.EVENTS, "test.x"))
    await here.add(flow())
    async with (
        Bus("one", Settings(amqp_url=amqp_url), tracer) as one,
        Bus("two", Settings(amqp_url=amqp_url), tracer) as two,
    ):
        relays = [Relay(here, one), Relay(there, two)]
        for number in range(1, 31, 2):
            await say(here, number, number + 1)
            await asyncio.gather(*(relay.send(flow().flow_id) for relay in relays))
        await relays[0].send(flow().flow_id)

    told = [(await desk.event(into)).sequence for _ in range(await desk.waiting(into))]
    assert told == list(range(1, 31))
    assert await here.unsent() == []


async def test_a_message_that_nobody_takes_stays_in_the_outbox(
    here: Flows, desk: Desk, tracer: Tracer, amqp_url: str
) -> None:
    await here.add(flow())
    stored = await here.load(flow().flow_id)
    assert stored is not None
    assert await here.save(stored.flow, stored.revision, [message(1, topology.WORK)], None)

    async with Bus("one", Settings(amqp_url=amqp_url), tracer) as bus:
        await Relay(here, bus).send(flow().flow_id)

    async def back() -> list[Outgoing] | None:
        return await here.take_outbox(flow().flow_id) or None

    assert ids(await until(back, "the relay's lease to lapse")) == ["e-1"]


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


async def test_tenants_take_turns(store: Store) -> None:
    shares = Shares(store, {"heavy": 2.0})

    assert await shares.charge("a", 10) == 0.0
    assert await shares.charge("a", 10) == 10.0
    assert await shares.charge("heavy", 10) == 0.0
    assert await shares.charge("heavy", 10) == 5.0
    await shares.began(12.0)
    await shares.began(3.0)
    assert await shares.charge("late", 10) == 12.0
    assert await shares.charge("a", 10) == 20.0


async def test_charging_at_the_same_time_gives_different_places(store: Store) -> None:
    shares = Shares(store, {})

    places = await asyncio.gather(*(shares.charge("a", 1.0) for _ in range(20)))

    assert sorted(places) == [float(number) for number in range(20)]


async def test_rates_follow_what_is_measured(store: Store) -> None:
    rates = Rates(store)

    await rates.learn("h264/small", 2.0)
    assert await rates.all() == {"h264/small": pytest.approx(2.0)}
    await rates.learn("h264/small", 1.0)
    assert await rates.all() == {"h264/small": pytest.approx(1.7)}
    await rates.learn("odd", 1e9)
    assert (await rates.all())["odd"] == pytest.approx(50.0)
