"""What a bus publishes: confirmed, returned, refused, persistent, traced."""

import asyncio

import pytest
from aio_pika.exceptions import ChannelPreconditionFailed

from contracts import topology
from contracts.units import UnitWake
from shared.bus import Bus, Received
from tests.integration.shared.consumers import describe, started
from tests.integration.shared.desk import Desk
from tests.waiting import until


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
    with pytest.raises(ChannelPreconditionFailed, match="invalid expiration"):
        await bus._put(describe(2).to_json(), routing_key="test.any", expiration=-1, mandatory=False)

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
        await bus.publish(describe(1), topology.WORK, key="nobody.wants.this")
    assert "timeout" not in type(raised.value).__name__.lower()

    await bus.publish(describe(1), topology.WORK, key="nobody.wants.this", mandatory=False)


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
