"""The connection to RabbitMQ: lost and made again, consumers cancelled, messages that nobody takes."""

import asyncio

import pytest

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.flows import FlowDescribe
from contracts.topology import Queue
from contracts.units import UnitWake
from shared.bus import Bus, Received
from shared.settings import Settings
from shared.telemetry import Tracer
from tests.integration.shared.desk import Desk
from tests.proxy import Proxy
from tests.waiting import until


def describe(number: int) -> CloudEvent:
    return CloudEvent.of("flow.describe.v1", FlowDescribe(flow_id=f"{number:032x}"), source="test", id=f"m-{number}")


class Ids:
    """A handler that notes the ids of what came."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def __call__(self, received: Received) -> None:
        self.ids.append(received.event.id)

    async def all_of(self, *wanted: str) -> None:
        async def check() -> bool:
            return set(wanted) <= set(self.ids)

        await until(check, f"all of {wanted}")


async def consuming(bus: Bus) -> None:
    async def check() -> bool:
        return bus.consuming()

    await until(check, "the consumers to be attached")


async def not_consuming(bus: Bus) -> None:
    async def check() -> bool:
        return not bus.consuming()

    await until(check, "the consumers to be gone")


async def started(bus: Bus, desk: Desk) -> tuple[Queue, Ids]:
    queue, ids = await desk.queue((topology.COMMANDS, "test.#")), Ids()
    bus.on(queue, {"flow.describe.v1": ids})
    assert not bus.consuming()
    await bus.start()
    assert bus.consuming()
    return queue, ids


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


async def test_a_queue_that_was_deleted_is_made_again_with_its_bindings(bus: Bus, desk: Desk) -> None:
    queue, ids = await started(bus, desk)

    await desk.delete(queue.name)
    await not_consuming(bus)
    await consuming(bus)

    await desk.publish(describe(1), topology.COMMANDS, "test.x")
    await ids.all_of("m-1")
    assert await desk.waiting(topology.INTAKE_UNROUTED) == 0


async def test_a_deleted_subscriber_queue_does_not_come_back_with_the_connection(
    bus: Bus, desk: Desk, line: Proxy
) -> None:
    await started(bus, desk)
    gone, kept = Queue(name="test.gone", bindings=()), Queue(name="test.kept", bindings=())
    await bus.declare(gone)
    await bus.declare(kept)
    await bus.delete_queue(gone.name)
    await bus.delete_queue("test.never.was.there")

    line.cut()
    await not_consuming(bus)
    await consuming(bus)

    assert not await desk.exists(gone.name)
    assert await desk.exists(kept.name)
    await bus.delete_queue(kept.name)


async def test_a_subscriber_queue_can_be_made_again_after_it_was_deleted(bus: Bus, desk: Desk) -> None:
    await started(bus, desk)
    queue = Queue(name="test.again", bindings=())

    for _ in range(2):
        await bus.declare(queue)
        assert await desk.exists(queue.name)
        await bus.delete_queue(queue.name)


async def test_no_more_than_the_prefetch_is_handled_at_a_time(bus: Bus, desk: Desk) -> None:
    release, most, ended = asyncio.Event(), 0, 0
    busy = 0

    async def handler(_: Received) -> None:
        nonlocal busy, most, ended
        busy += 1
        most = max(most, busy)
        await release.wait()
        busy -= 1
        ended += 1

    for number in range(8):
        await desk.publish(describe(number), "", topology.MERGER_UNITS.name)
    bus.on(topology.MERGER_UNITS, {"flow.describe.v1": handler}, prefetch=2)
    await bus.start()

    async def two() -> bool:
        return busy >= 2

    await until(two, "two at a time")
    release.set()

    async def all_ended() -> bool:
        return ended == 8

    await until(all_ended, "all to be handled")
    assert most == 2


async def test_a_failed_publish_leaves_the_consumers_alone(bus: Bus, desk: Desk) -> None:
    begun, release, handled = asyncio.Event(), asyncio.Event(), []

    async def handler(received: Received) -> None:
        begun.set()
        await release.wait()
        handled.append(received.redelivered)

    bus.on(topology.MERGER_UNITS, {"flow.describe.v1": handler})
    await bus.start()
    await desk.publish(describe(1), "", topology.MERGER_UNITS.name)
    await begun.wait()
    with pytest.raises(Exception):  # noqa: B017 -- the broker closes the channel for what it can't take
        await bus.send(describe(2), "x" * 300, expires_s=60)

    release.set()

    async def ended() -> bool:
        return bool(handled)

    await until(ended, "the handler to end")
    assert handled == [0]


async def test_a_broker_that_does_not_confirm_is_not_waited_for_for_ever(
    bus: Bus, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await started(bus, desk)
    into = await desk.queue((topology.EVENTS, "test.#"))

    with monkeypatch.context() as impatient:
        impatient.setattr("shared.bus._CONFIRM_S", 0)
        with pytest.raises(TimeoutError):
            await bus.publish(describe(1), topology.EVENTS, key="test.x")
    await bus.publish(describe(2), topology.EVENTS, key="test.x")

    async def second() -> bool:
        return (await desk.event(into)).id == "m-2"

    await until(second, "the message that was confirmed")


async def test_what_nobody_takes_raises_when_mandatory(bus: Bus, desk: Desk) -> None:
    await started(bus, desk)

    with pytest.raises(Exception, match=r"(?i)no_route|returned|m-1") as raised:
        await bus.publish(describe(1), topology.EVENTS, key="nobody.wants.this")
    assert "timeout" not in type(raised.value).__name__.lower()

    await bus.publish(describe(1), topology.EVENTS, key="nobody.wants.this", mandatory=False)
    await bus.send(describe(1), "no.such.queue", expires_s=60)


async def test_what_is_published_is_persistent_and_says_what_it_is(bus: Bus, desk: Desk) -> None:
    await started(bus, desk)
    into = await desk.queue((topology.EVENTS, "test.#"))

    await bus.publish(describe(1), topology.EVENTS, key="test.x")

    message = await desk.take(into)
    assert (message.delivery_mode, message.content_type, message.message_id) == (
        2,
        "application/cloudevents+json",
        "m-1",
    )


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


async def test_the_trace_goes_on_from_message_to_handler_to_message(bus: Bus, desk: Desk) -> None:
    queue, into = await desk.queue(), await desk.queue((topology.EVENTS, "test.#"))

    async def pass_on(_: Received) -> None:
        await bus.publish(bus.event("merge.wake.v1", UnitWake()), topology.EVENTS, key="test.x")

    bus.on(queue, {"flow.describe.v1": pass_on})
    await bus.start()
    trace_id, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"

    await desk.publish(describe(1).model_copy(update={"traceparent": f"00-{trace_id}-{parent}-01"}), "", queue.name)

    told = (await desk.event(into)).traceparent
    assert told is not None
    version, trace, span, flags = told.split("-")
    assert (version, trace, flags) == ("00", trace_id, "01")
    assert span != parent
