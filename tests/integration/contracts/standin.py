"""A stand-in for the services: a real peer on the broker that answers commands as it is told."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from pydantic import BaseModel

from contracts.envelope import CONTENT_TYPE, CloudEvent
from contracts.flows import FlowDescribed, FlowState, FlowView, Input, Outcome, Output

FLOW_ID = "0123456789abcdef0123456789abcdef"

Answer = tuple[str, BaseModel] | None


class StandIn:
    """Answers by `rules`: command's key -> a function of the command; None means silence."""

    def __init__(self, channel: AbstractChannel, commands: str, events: str) -> None:
        self._channel = channel
        self.commands = commands
        self.events = events
        self.rules: dict[str, Callable[[CloudEvent], Answer]] = {}
        self.heard: list[CloudEvent] = []
        self.asked = asyncio.Event()
        self.messages: list[AbstractIncomingMessage] = []

    async def start(self) -> None:
        """Declare the exchanges and answer what comes."""
        for name in (self.commands, self.events):
            await self._channel.declare_exchange(name, "topic", auto_delete=True)
        queue = await self._channel.declare_queue(exclusive=True)
        await queue.bind(self.commands, "#")
        keeps_exchange = await self._channel.declare_queue(exclusive=True)
        await keeps_exchange.bind(self.events, "never")
        await queue.consume(self._answer, no_ack=True)

    async def tell(self, event: CloudEvent) -> None:
        """Publish a public event."""
        exchange = await self._channel.get_exchange(self.events, ensure=False)
        await exchange.publish(_message(event), routing_key=event.key, mandatory=False)

    async def put(self, queue: str, *events: CloudEvent) -> None:
        """Publish to a queue."""
        for event in events:
            await self._channel.default_exchange.publish(_message(event), routing_key=queue)

    async def put_raw(self, queue: str, body: bytes) -> None:
        """Publish what is no event."""
        await self._channel.default_exchange.publish(aio_pika.Message(body), routing_key=queue)

    async def put_message(self, queue: str, message: AbstractIncomingMessage) -> None:
        """Publish what was in another queue, headers included."""
        again = aio_pika.Message(message.body, headers=message.headers, content_type=message.content_type)
        await self._channel.default_exchange.publish(again, routing_key=queue)

    async def queue(self, name: str) -> aio_pika.abc.AbstractQueue:
        """A subscriber's queue, as the notifier makes it, for the time of a test."""
        return await self._channel.declare_queue(
            name, durable=True, arguments={"x-queue-type": "quorum", "x-expires": 60_000}
        )

    async def _answer(self, message: AbstractIncomingMessage) -> None:
        command = CloudEvent.model_validate_json(message.body)
        self.heard.append(command)
        self.asked.set()
        self.messages.append(message)
        answer = self.rules[command.key](command)
        if answer is None:
            return
        event = CloudEvent.of(answer[0], answer[1], source="stand-in")
        assert message.reply_to
        await self._channel.default_exchange.publish(
            _message(event, message.correlation_id), routing_key=message.reply_to, mandatory=False
        )


def _message(event: CloudEvent, correlation_id: str | None = None) -> aio_pika.Message:
    return aio_pika.Message(event.to_json(), content_type=CONTENT_TYPE, correlation_id=correlation_id)


def flow(state: FlowState = FlowState.PROCESSING, outcome: Outcome | None = None, **members: Any) -> FlowView:
    """A flow as it might be described."""
    return FlowView(
        flow_id=FLOW_ID,
        state=state,
        outcome=outcome,
        input=Input(url="file:///in/a.mp4"),
        output=Output(storage="file:///out/"),
        created_at=datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
        subtasks=[],
        **members,
    )


def described(view: FlowView) -> Callable[[CloudEvent], Answer]:
    """The rule that always describes this flow."""
    return lambda _: ("flow.described.v1", FlowDescribed(flow=view))
