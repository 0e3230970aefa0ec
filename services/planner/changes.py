"""Changing a flow: read, step, decide, apply, compare-and-swap, tell. The only way in which a flow ever changes."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from weakref import WeakValueDictionary

from contracts.model import Model
from shared.bus import Bus
from shared.telemetry import Tracer

from .apply import apply
from .decide import decide
from .flow import Flow
from .outgoing import Outgoing
from .relay import Relay
from .store import Flows

Step = Callable[[Flow, datetime], list[Outgoing] | None]
"""Writes something that happened into a flow; may have messages of its own."""


class Changes:
    """Applies steps to flows, and whatever follows from them."""

    def __init__(self, flows: Flows, relay: Relay, bus: Bus, tracer: Tracer, resend_s: float) -> None:
        self._flows = flows
        self._relay = relay
        self._bus = bus
        self._tracer = tracer
        self._resend_s = resend_s
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def say(self, exchange: str, key: str, data: Model, **attributes: object) -> Outgoing:
        """A message from the planner."""
        return Outgoing(exchange=exchange, event=self._bus.event(key, data, **attributes))

    async def change(self, flow_id: str, step: Step) -> Flow | None:
        """Apply a step to a flow and carry out what follows; the flow as it is then, None when there is none.

        A lost race with another replica is run again on what that one wrote.
        """
        lock = self._locks.setdefault(flow_id, asyncio.Lock())
        async with lock:
            while True:
                stored = await self._flows.load(flow_id)
                if stored is None:
                    return None
                flow, now = stored.flow.model_copy(deep=True), datetime.now(UTC)
                with self._tracer.joined("reconcile", flow.traceparent):
                    messages = list(step(flow, now) or [])
                    decision = decide(flow, now, self._resend_s)
                    messages += apply(flow, decision, now, self.say)
                ended = stored.flow.state.ended
                if await self._flows.save(flow, stored.revision, messages, decision.due_at, had_ended=ended):
                    break
        if messages:
            await self._relay.send(flow_id)
        return flow
