"""What becomes of one delivery: decoded, handled, acknowledged; or answered, held, given back, dead-lettered.

| what happened                     | the message                                                   |
|-----------------------------------|---------------------------------------------------------------|
| handled                           | ack                                                           |
| can't be read, unknown type       | answered with a code when it asks for answers, else dead letter |
| a RequestError                    | answered with its code; ack                                   |
| the store or the broker is away   | held, tried again until it works                              |
| any other error                   | given back after a growing pause; dead letter after the limit |
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from faststream.rabbit import RabbitMessage
from opentelemetry.trace import SpanKind
from prometheus_client import Counter
from pydantic import ValidationError

from contracts import codes
from contracts.answers import ANSWERS
from contracts.catalog import CATALOG
from contracts.envelope import TYPE_PREFIX, CloudEvent
from contracts.flows import Rejected
from contracts.model import Model

from .errors import RequestError
from .log import logger
from .store import StoreError, unavailable
from .telemetry import Span, Tracer
from .validation import invalid

HANDLED = Counter("vodflow_messages_total", "Messages by type and what became of them.", ["type", "result"])


@dataclass(frozen=True)
class Received:
    """A command or event as it came: its envelope, its data, and where an answer goes."""

    event: CloudEvent
    data: Any
    reply_to: str
    correlation_id: str
    redelivered: int = 0


class Answers(Protocol):
    """What answers a command: the bus."""

    def event(self, key: str, data: Model, **attributes: Any) -> CloudEvent:
        """An event from this service."""
        ...

    async def answer(self, received: Received, event: CloudEvent) -> bool:
        """Send it where the command asked for it; whether somebody is there to get it."""
        ...


Handler = Callable[[Received], Awaitable[None]]
Handlers = Mapping[str, Handler]
"""Routing key -> what to do. The key "*" takes what no other one does, with `data` None."""


class Unreadable(Exception):
    """A message that no handler can be given; `event` is its envelope, if that could be read."""

    def __init__(self, error: RequestError, event: CloudEvent | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.event = event or CloudEvent(id="-", source="-", type="-")


async def deliver(message: RabbitMessage, handlers: Handlers, answers: Answers, tracer: Tracer) -> None:
    """Take care of one delivery, whatever it holds. Never raises but on cancellation."""
    try:
        received, handler = _read(message, handlers)
    except Unreadable as unreadable:
        await _refuse(message, unreadable, answers)
        return
    key = received.event.key
    with processing(received.event, tracer):
        try:
            await held(lambda: handler(received), key)
        except RequestError as error:
            refusal = answers.event(_rejected_key(key), _rejected(error), tenant=received.event.tenant)
            await answers.answer(received, refusal)
            HANDLED.labels(key, "refused").inc()
        except Exception as error:
            await give_back(message, received.redelivered, key, received.event.id, error)
            return
    await message.ack()
    HANDLED.labels(key, "handled").inc()


def processing(event: CloudEvent, tracer: Tracer) -> AbstractContextManager[Span]:
    """A span around what is done with an event, in the trace that it belongs to."""
    return tracer.span(
        f"process {event.key}",
        {"messaging.message.id": event.id, "vodflow.flow_id": event.flowid or ""},
        parent=event.traceparent,
        kind=SpanKind.CONSUMER,
    )


async def held(handle: Callable[[], Awaitable[None]], kind: str) -> None:
    """Handle a message of a kind; as long as the store is away, try again."""
    pause_s = 0.1
    while True:
        try:
            return await handle()
        except StoreError as error:
            if not unavailable(error):
                raise
            logger().warning("store unavailable, holding the message", type=kind, error=str(error))
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 5.0)


async def give_back(message: RabbitMessage, redelivered: int, kind: str, id_: str, error: Exception) -> None:
    """Have a message delivered again, after a pause that grows with how often it was."""
    pause_s = min(0.1 * 2**redelivered, 30.0)
    logger().error("handler failed", type=kind, id=id_, pause_s=pause_s, exc_info=error)
    HANDLED.labels(kind, "failed").inc()
    await asyncio.sleep(pause_s)
    await message.nack(requeue=True)


def _read(message: RabbitMessage, handlers: Handlers) -> tuple[Received, Handler]:
    event = _envelope(message.body)
    handler = handlers.get(event.key)
    data: Model | None = None
    if handler is not None:
        try:
            data = CATALOG[event.key].read(event.data)
        except ValidationError as error:
            raise Unreadable(invalid(error, CATALOG[event.key].model), event) from error
    elif "*" in handlers:
        handler = handlers["*"]
    else:
        raise Unreadable(_unknown(event.type, handlers), event)
    count = message.headers.get("x-delivery-count") or 0
    return Received(event, data, message.reply_to or "", message.correlation_id or "", int(count)), handler


def read_event(body: bytes, known: Collection[str]) -> CloudEvent:
    """The event of a body whose key is one of `known`, its data looked at. Raises Unreadable."""
    event = _envelope(body)
    if event.key not in known:
        raise Unreadable(_unknown(event.type, known), event)
    try:
        CATALOG[event.key].read(event.data)
    except ValidationError as error:
        raise Unreadable(invalid(error, CATALOG[event.key].model), event) from error
    return event


def _envelope(body: bytes) -> CloudEvent:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(RequestError(f"the message is not JSON: {error}", codes.MALFORMED_MESSAGE)) from error
    try:
        return CloudEvent.model_validate(raw)
    except ValidationError as error:
        problem = invalid(error, CloudEvent)
        raise Unreadable(
            RequestError(f"not a CloudEvents 1.0 event: {problem.message}", codes.MALFORMED_MESSAGE, problem.field)
        ) from error


def _unknown(type_: str, keys: Collection[str]) -> RequestError:
    key = type_.removeprefix(TYPE_PREFIX)
    stem = re.sub(r"\.v\d+$", "", key)
    served = sorted(known for known in keys if known.startswith(stem + ".v"))
    if served:
        text = f"{type_}: this version is not served; served: {', '.join(served)}"
        return RequestError(text, codes.NO_SUCH_VERSION, "type")
    return RequestError(f"{type_}: no such command here", codes.UNKNOWN_TYPE, "type")


def _rejected(error: RequestError) -> Rejected:
    return Rejected(code=error.code, message=error.message, field=error.field)


def _rejected_key(command_key: str) -> str:
    if command_key in ANSWERS:
        return ANSWERS[command_key][-1]
    key = f"{command_key.split('.')[0]}.rejected.v1"
    return key if key in CATALOG else "command.rejected.v1"


async def _refuse(message: RabbitMessage, unreadable: Unreadable, answers: Answers) -> None:
    """Answer what can't be handled when an answer is wanted; else it goes to the dead letters, to be looked at."""
    error, event = unreadable.error, unreadable.event
    logger().warning("message refused", code=error.code, error=error.message)
    HANDLED.labels(event.key if event.key in CATALOG else "unknown", "refused").inc()
    if message.reply_to:
        received = Received(event, None, message.reply_to, message.correlation_id or "")
        answer = answers.event(
            _rejected_key(event.key), _rejected(error), tenant=event.tenant, traceparent=event.traceparent
        )
        await answers.answer(received, answer)
        await message.ack()
    else:
        await message.reject(requeue=False)
