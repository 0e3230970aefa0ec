"""Flows and messages of their outboxes, as tests of the store need them."""

from datetime import UTC, datetime

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.flows import FlowAccepted, Input, Output
from services.planner.flow import Flow, new_flow
from services.planner.outgoing import Outgoing
from services.planner.store import Flows

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


async def say(flows: Flows, *numbers: int) -> None:
    """Append messages to the first flow's outbox."""
    while True:
        stored = await flows.load(flow().flow_id)
        assert stored is not None
        if await flows.save(stored.flow, stored.revision, [message(number) for number in numbers], None):
            return
