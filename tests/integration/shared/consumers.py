"""What tests put on a bus: a handler that notes what came, and waits for the bus to consume or not."""

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.flows import FlowDescribe
from contracts.topology import Queue
from shared.bus import Bus, Received
from tests.integration.shared.desk import Desk
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
