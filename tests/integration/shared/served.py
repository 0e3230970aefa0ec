"""A queue with a handler on it, as tests of delivery need one."""

from collections.abc import Awaitable, Callable

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.flows import FlowDescribe
from contracts.topology import Queue
from shared.bus import Bus, Received
from tests.integration.shared.desk import Desk
from tests.waiting import until

DEAD = topology.DEAD_LETTERS.name
LIMIT = 2
Handler = Callable[[Received], Awaitable[None]]


class Strict(Queue):
    """A queue that gives up soon."""

    def declare_arguments(self) -> dict[str, object]:
        return super().declare_arguments() | {"x-delivery-limit": LIMIT}


def describe(number: int = 1, **attributes: str) -> CloudEvent:
    data = FlowDescribe(flow_id=f"{number:032x}")
    return CloudEvent.of("flow.describe.v1", data, source="test", id=f"m-{number}", **attributes)


class Seen:
    """A handler that notes what came and then does what it is told to."""

    def __init__(self, then: Handler | None = None) -> None:
        self.received: list[Received] = []
        self._then = then

    async def __call__(self, received: Received) -> None:
        self.received.append(received)
        if self._then is not None:
            await self._then(received)

    async def count(self, count: int) -> None:
        """Wait until so many came."""

        async def check() -> bool:
            return len(self.received) >= count

        await until(check, f"{count} deliveries")


async def served(bus: Bus, desk: Desk, handler: Handler, kind: type[Queue] = Queue) -> Queue:
    queue = await desk.queue((topology.DEAD, "never"), kind=kind)
    bus.on(queue, {"flow.describe.v1": handler})
    await bus.start()
    return queue


async def emptied(desk: Desk, bus: Bus, queue: Queue) -> None:
    """Stopping gives back whatever was not acknowledged: then nothing may be left."""
    await bus.stop()
    assert await desk.waiting(queue) == 0
