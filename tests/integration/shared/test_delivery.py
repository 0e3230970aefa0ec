"""What becomes of a message: acknowledged, answered, tried again, held, or put with the dead letters."""

import asyncio
import time
from itertools import pairwise

from pymongo.errors import WriteConcernError

from contracts import codes, topology
from contracts.envelope import CloudEvent
from contracts.flows import FlowDescribe, Rejected
from contracts.model import Model
from shared.bus import Bus, Received
from shared.errors import RequestError
from shared.store import StoreUnavailable
from tests.integration.shared.desk import Desk
from tests.integration.shared.served import DEAD, LIMIT, Seen, Strict, describe, emptied, served


async def test_handled_is_acknowledged(bus: Bus, desk: Desk) -> None:
    seen = Seen()
    queue = await served(bus, desk, seen)

    await desk.publish(describe(), "", queue.name, reply=True)

    await seen.count(1)
    (received,) = seen.received
    assert received.event == describe().model_copy(update={"time": received.event.time})
    assert received.data == FlowDescribe(flow_id=f"{1:032x}")
    assert (received.correlation_id, received.redelivered) == ("c-1", 0)
    await emptied(desk, bus, queue)
    assert await desk.waiting(DEAD) == 0


async def test_a_request_at_fault_is_answered_with_its_code(bus: Bus, desk: Desk) -> None:
    async def refuse(_: Received) -> None:
        raise RequestError("no such flow", codes.TASK_NOT_FOUND, "flow_id")

    queue = await served(bus, desk, Seen(refuse))

    await desk.publish(describe(tenant="t9"), "", queue.name, reply=True)

    answer, correlation_id = await desk.answer()
    assert Rejected.model_validate(answer.data) == Rejected(
        code=codes.TASK_NOT_FOUND, message="no such flow", field="flow_id"
    )
    assert (answer.key, answer.tenant, correlation_id) == ("flow.rejected.v1", "t9", "c-1")
    await emptied(desk, bus, queue)


async def test_a_message_that_keeps_failing_is_dead_at_the_limit_and_holds_up_nobody(bus: Bus, desk: Desk) -> None:
    tries: list[float] = []

    async def fail_first(received: Received) -> None:
        if received.event.id == "m-1":
            tries.append(time.monotonic())
            raise RuntimeError("a bug")

    seen = Seen(fail_first)
    queue = await served(bus, desk, seen, Strict)

    for number in range(1, 6):
        await desk.publish(describe(number), "", queue.name)

    dead = await desk.take(DEAD)
    assert CloudEvent.model_validate_json(dead.body).id == "m-1"
    assert len(tries) == LIMIT + 1
    assert [one.redelivered for one in seen.received if one.event.id == "m-1"] == [0, 1, 2]
    assert [one.event.id for one in seen.received if one.event.id != "m-1"] == ["m-2", "m-3", "m-4", "m-5"]
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert [pause >= 0.1 * 2**number for number, pause in enumerate(pauses)] == [True, True]
    await emptied(desk, bus, queue)


async def test_while_the_store_is_away_messages_are_held(bus: Bus, desk: Desk) -> None:
    going = WriteConcernError("shutting down", 91, {"errorLabels": ["RetryableWriteError"]})
    away = [StoreUnavailable("down"), going]

    async def need_the_store(_: Received) -> None:
        if away:
            raise away.pop()

    seen = Seen(need_the_store)
    queue = await served(bus, desk, seen)

    await desk.publish(describe(), "", queue.name)

    await seen.count(3)
    assert [one.redelivered for one in seen.received] == [0, 0, 0]
    await emptied(desk, bus, queue)
    assert await desk.waiting(DEAD) == 0


async def test_a_command_that_nothing_is_bound_for_reaches_whoever_takes_those(bus: Bus, desk: Desk) -> None:
    bus.on(topology.INTAKE_UNROUTED, {})
    await bus.start()

    await desk.publish(
        describe().model_copy(update={"type": "vodflow.a.b.v1"}), topology.COMMANDS, "a.b.v1", reply=True
    )

    answer, _ = await desk.answer()
    assert answer.key == "command.rejected.v1"
    assert Rejected.model_validate(answer.data).code == codes.UNKNOWN_TYPE


async def test_the_handlers_of_a_stopping_service_may_end(bus: Bus, desk: Desk) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slow(_: Received) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        ended.set()

    queue = await served(bus, desk, slow)
    await desk.publish(describe(), "", queue.name)
    await begun.wait()

    await emptied(desk, bus, queue)

    assert ended.is_set()


async def test_data_comes_as_its_model(bus: Bus, desk: Desk) -> None:
    seen = Seen()
    queue = await served(bus, desk, seen)

    await desk.publish(describe(), "", queue.name)

    await seen.count(1)
    assert isinstance(seen.received[0].data, Model)
