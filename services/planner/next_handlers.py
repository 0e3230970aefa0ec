"""What the planner does with intake's answers to the commands by which it starts next flows."""

from contracts.flows import Rejected
from contracts.next_flows import NextState
from shared.bus import Received
from shared.log import logger

from .changes import Changes
from .next_flows import answered, asked_about


class NextFlows:
    """Use cases: a next flow was taken, or refused."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def accepted(self, received: Received) -> None:
        """Intake has it: it is a flow of its own from now on."""
        await self._answered(received, NextState.STARTED)

    async def rejected(self, received: Received) -> None:
        """Intake won't have it, and says why."""
        refusal: Rejected = received.data
        await self._answered(received, NextState.REFUSED, refusal.code, refusal.message)

    async def _answered(self, received: Received, state: NextState, code: str = "", message: str = "") -> None:
        which = asked_about(received.correlation_id)
        if which is None:
            logger().warning("an answer to no question of ours", correlation_id=received.correlation_id)
            return
        flow_id, number = which
        await self._changes.change(flow_id, lambda flow, _now: answered(flow, number, state, code, message))
