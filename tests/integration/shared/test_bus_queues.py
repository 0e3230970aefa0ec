"""Queues as a bus makes them: deleted under it, deleted by it, read so many messages at a time."""

import asyncio

from contracts import topology
from contracts.topology import Queue
from shared.bus import Bus, Received
from tests.integration.shared.consumers import consuming, describe, not_consuming, started
from tests.integration.shared.desk import Desk
from tests.proxy import Proxy
from tests.waiting import until


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
