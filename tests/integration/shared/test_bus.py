"""The connection to RabbitMQ: lost and made again, what was on its way, broadcasts."""

import asyncio

from contracts import topology
from contracts.units import UnitWake
from shared.bus import Bus, Received
from shared.settings import Settings
from shared.telemetry import Tracer
from tests.integration.shared.consumers import consuming, describe, not_consuming, started
from tests.integration.shared.desk import Desk
from tests.proxy import Proxy
from tests.waiting import until


async def test_after_a_lost_connection_it_consumes_again_and_nothing_is_lost(bus: Bus, desk: Desk, line: Proxy) -> None:
    queue, ids = await started(bus, desk)

    for number in range(20):
        await desk.publish(describe(number), "", queue.name)
        if number == 10:
            line.cut()
    await ids.all_of(*(f"m-{number}" for number in range(20)))

    await bus.stop()
    assert await desk.waiting(queue) == 0


async def test_it_knows_whether_it_consumes(bus: Bus, desk: Desk, line: Proxy) -> None:
    queue, ids = await started(bus, desk)

    line.open = False
    line.cut()
    await not_consuming(bus)
    line.open = True
    await consuming(bus)

    await desk.publish(describe(1), "", queue.name)
    await ids.all_of("m-1")


async def test_what_is_published_while_the_connection_is_away_raises_or_gets_there(
    bus: Bus, desk: Desk, line: Proxy
) -> None:
    await started(bus, desk)
    into = await desk.queue((topology.EVENTS, "test.#"))
    line.open = False
    line.cut()
    await not_consuming(bus)

    publishing = asyncio.create_task(bus.publish(describe(1), topology.EVENTS, key="test.x"))
    await asyncio.wait({publishing}, timeout=0.5)
    line.open = True
    await consuming(bus)
    await asyncio.wait({publishing})

    if publishing.exception() is None:
        assert (await desk.event(into)).id == "m-1"
    await bus.publish(describe(2), topology.EVENTS, key="test.x")
    assert (await desk.event(into)).id == "m-2"


async def test_a_handler_that_a_lost_connection_interrupted_gets_its_message_again(
    bus: Bus, desk: Desk, line: Proxy
) -> None:
    queue = await desk.queue()
    seen: list[int] = []
    begun = asyncio.Event()

    async def handler(received: Received) -> None:
        seen.append(received.redelivered)
        begun.set()
        if len(seen) == 1:
            await asyncio.sleep(60)

    bus.on(queue, {"flow.describe.v1": handler})
    await bus.start()
    await desk.publish(describe(1), "", queue.name)
    await begun.wait()

    line.cut()

    async def again() -> bool:
        return len(seen) == 2

    await until(again, "the second delivery")
    assert seen == [0, 1]


async def test_a_broadcast_reaches_every_process(bus: Bus, desk: Desk, line: Proxy, tracer: Tracer) -> None:
    other = Bus("other", Settings(amqp_url=line.url), tracer)
    heard: list[str] = []

    def hears(name: str, on: Bus) -> None:
        async def handler(received: Received) -> None:
            heard.append(f"{name} {received.event.id}")

        on.on_broadcast("merge.wake.v1", {"merge.wake.v1": handler})

    hears("one", bus)
    hears("two", other)
    await bus.start()
    async with other:
        for number in (1, 2):
            event = bus.event("merge.wake.v1", UnitWake(), id=f"w-{number}")
            await bus.publish(event, topology.WORK, persist=False, mandatory=False)

            async def both(number: int = number) -> bool:
                return {f"one w-{number}", f"two w-{number}"} <= set(heard)

            await until(both, "both to hear")
            if number == 1:
                line.cut()
                await not_consuming(bus)
                await consuming(bus)
                await consuming(other)
