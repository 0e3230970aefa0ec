"""A flow's events from now to its end, whatever happens to the connection in between.

The queue is bound before the flow is described, so nothing falls between; the description is asked for again after each
reconnect and after a silence, so a lost event costs time, never the end.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime

from pydantic import ValidationError

from . import topology
from .codes import TASK_NOT_FOUND
from .connection import LOST, Link, Pauses
from .envelope import CloudEvent, event_id
from .errors import Refused, Unreachable
from .feed import Feed, feed
from .flows import FlowFinished, FlowView

FINISHED = "flow.finished.v1"

KNOWN_WITHIN_S = 5.0
"""How long a flow that was just accepted may be unknown to the planner."""
SILENCE_S = 20.0
"""After this long without an event the flow is described again."""


class Watch:
    """One watch over one flow."""

    def __init__(
        self, link: Link, flow_id: str, describe: Callable[[], Awaitable[FlowView]], *, source: str, patience_s: float
    ) -> None:
        self._link = link
        self._flow_id = flow_id
        self._describe = describe
        self._source = source
        self._patience_s = patience_s
        self._clock = asyncio.get_running_loop().time
        self._since = self._heard_at = self._clock()
        self._last = 0
        self._known = False

    async def events(self) -> AsyncGenerator[CloudEvent, None]:
        """The events in sequence, each once, the last one `flow.finished.v1`."""
        pauses = Pauses()
        while True:
            try:
                async with self._bound() as messages:
                    pauses.reset()
                    async with aclosing(self._until_end(messages)) as events:
                        async for event in events:
                            yield event
                            if event.key == FINISHED:
                                return
            except LOST as error:
                self._check_patience(error)
                await pauses.sleep()

    async def _until_end(self, messages: Feed) -> AsyncGenerator[CloudEvent, None]:
        while True:
            view = await self._look()
            while message := messages.waiting():
                if event := self._read(message.body):
                    yield event
            if view is not None and view.state.ended:
                yield self._rebuilt(view)
                return
            silence_s = SILENCE_S if self._known else 0.5
            while event := await self._next(messages, silence_s):
                yield event

    async def _next(self, messages: Feed, within_s: float) -> CloudEvent | None:
        deadline = self._clock() + within_s
        while True:
            try:
                message = await messages.next(max(deadline - self._clock(), 0))
            except TimeoutError:
                return None
            if event := self._read(message.body):
                return event

    async def _look(self) -> FlowView | None:
        try:
            view = await self._describe()
        except Refused as refused:
            if refused.code != TASK_NOT_FOUND or self._known or self._clock() - self._since > KNOWN_WITHIN_S:
                raise
            return None
        except Unreachable as error:
            self._check_patience(error)
            return None
        self._known = True
        self._heard_at = self._clock()
        return view

    def _read(self, body: bytes) -> CloudEvent | None:
        try:
            event = CloudEvent.model_validate_json(body)
        except ValidationError:
            return None
        if event.flowid != self._flow_id or (event.sequence is not None and event.sequence <= self._last):
            return None
        self._last = event.sequence or self._last
        self._known = True
        self._heard_at = self._clock()
        return event

    def _rebuilt(self, view: FlowView) -> CloudEvent:
        return CloudEvent.of(
            FINISHED,
            FlowFinished(flow=view),
            source=self._source,
            id=event_id(self._flow_id, "described", FINISHED),
            time=view.ended_at or datetime.now(UTC),
            flowid=self._flow_id,
            tenant=view.tenant,
        )

    def _check_patience(self, error: BaseException) -> None:
        if self._clock() - self._heard_at > self._patience_s:
            raise Unreachable(f"nothing heard of flow {self._flow_id} for {self._patience_s:g} s: {error}") from error

    @asynccontextmanager
    async def _bound(self) -> AsyncIterator[Feed]:
        async with self._link.channel() as channel:
            queue = await channel.declare_queue(exclusive=True, auto_delete=True)
            for key in ("flow.#", "subtask.#", "edit.#"):
                await queue.bind(topology.EVENTS, key)
            async with feed(queue, no_ack=True) as messages:
                yield messages
