"""What the planner says on its own account, such as a retry after a delay, belongs to the flow's trace."""

from datetime import timedelta

from services.planner import steps
from tests.unit.planner.flows import NOW, TRANSIENT, cut_plan, done, planned
from tests.unit.planner.test_decide import look

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_every_message_carries_the_trace_of_its_flow() -> None:
    flow = planned(cut_plan())
    flow.traceparent = PARENT
    messages = look(flow)
    first = next(iter(flow.units))
    steps.finished(flow, done(first, error=TRANSIENT), NOW, 4, 2.0)
    later = look(flow, seconds=timedelta(minutes=1).total_seconds())
    assert later
    assert {message.event.traceparent for message in (*messages, *later)} == {PARENT}
