"""An event out of a subscriber queue, to be confirmed, given back or given up."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import PublishError

from .connection import LOST, Link, close
from .envelope import CloudEvent
from .errors import Unreachable
from .sequence import Standing
from .topology import dead_queue

REASON = "x-vodflow-reason"
"""Header of a dead letter: why its consumer gave it up."""
COUNT = "x-delivery-count"

Failed = Literal["requeue", "dead_letter"]
"""What `async with delivery` does with an event when its block raises."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where deliveries come from, and what is to be done with them."""

    link: Link
    queue: str
    failed: Failed = "requeue"
    confirmed: Callable[[CloudEvent], None] = lambda event: None
    """Told of every event that was confirmed."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """An event, to be confirmed once it is handled: by `confirm`, or by `async with delivery`.

    `redelivered`: it may have been handled before; `count` says how often it came back, `reason` why it was given up
    before it was redriven; `standing` how it stands to those of its flow before it (see SequenceCheck): "repeat" is
    one that was confirmed here before.

    `async with` confirms at the end of the block. When the block raises, the event goes back into the queue, or to the
    dead letters with the error as reason, as `events(..., failed=)` says; back in any case when it was cancelled. A
    connection that was lost meanwhile is no error there: the event comes again. What was confirmed or given back once,
    in the block or before it was given out, stays so.
    """

    event: CloudEvent
    redelivered: bool
    standing: Standing = "next"
    count: int = 0
    reason: str = ""
    message: AbstractIncomingMessage = field(repr=False)
    origin: Origin = field(repr=False)

    async def confirm(self) -> None:
        """It is handled: take it off the queue. Raises Unreachable if its connection is gone: it will come again."""
        if self.message.processed:
            return
        try:
            await self.message.ack()
        except LOST as error:
            raise Unreachable("the connection was lost before the event was confirmed: it will come again") from error
        self.origin.confirmed(self.event)

    async def nack(self, requeue: bool = True, *, reason: str = "") -> None:
        """It is not handled: back into the queue, at once; or, without `requeue`, to the dead letters with `reason`.

        A subscription without dead letters has nowhere to put it: it is dropped, with a warning in the log. Raises
        Unreachable if the connection is gone: the event will come again.
        """
        if self.message.processed:
            return
        try:
            if requeue:
                await self.message.nack(requeue=True)
            else:
                await self._give_up(reason)
        except LOST as error:
            raise Unreachable("the connection was lost: the event will come again") from error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self.confirm()
            elif self.origin.failed == "requeue" or not isinstance(error, Exception):
                await self.nack()
            else:
                await self.nack(requeue=False, reason=f"{type(error).__name__}: {error}")
        except Unreachable as lost:
            _log.info("%s (%s)", lost, self.event.id)

    async def _give_up(self, reason: str) -> None:
        """Put it into the dead letters ourselves, because AMQP's own way there carries no reason."""
        message = self.message
        channel = await self.origin.link.open_channel(on_return_raises=True)
        try:
            await channel.default_exchange.publish(
                Message(
                    message.body,
                    headers={name: value for name, value in message.headers.items() if name != COUNT}
                    | {REASON: reason[:1000]},
                    content_type=message.content_type,
                    message_id=message.message_id,
                    delivery_mode=DeliveryMode.PERSISTENT,
                ),
                dead_queue(self.origin.queue),
            )
        except PublishError:
            _log.warning("dropped event %s (%s): %s has no dead letters", self.event.id, reason, self.origin.queue)
        finally:
            await close(channel)
        await message.ack()


def delivery(event: CloudEvent, message: AbstractIncomingMessage, origin: Origin) -> Delivery:
    """What `message` brought."""
    count, reason = message.headers.get(COUNT), message.headers.get(REASON)
    return Delivery(
        event=event,
        redelivered=bool(message.redelivered),
        count=count if isinstance(count, int) else 0,
        reason=reason if isinstance(reason, str) else "",
        message=message,
        origin=origin,
    )
