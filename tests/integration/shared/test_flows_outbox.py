"""Outboxes of flows: taken by one relay at a time, in order, and nothing lost."""

import asyncio
from collections.abc import Awaitable

from contracts import topology
from services.planner.outgoing import Outgoing
from services.planner.relay import Relay
from services.planner.store import Flows
from shared.bus import Bus
from shared.settings import Settings
from shared.store import Store
from shared.telemetry import Tracer
from tests.integration.shared.desk import Desk
from tests.integration.shared.stored_flows import flow, ids, message, say
from tests.waiting import until


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
