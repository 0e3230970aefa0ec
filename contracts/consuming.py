"""A subscriber queue: events that wait until they are confirmed."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity
from pydantic import ValidationError

from .codes import SUBSCRIPTION_NOT_FOUND
from .connection import LOST, Link, Pauses
from .envelope import CloudEvent
from .errors import Refused, Unreachable
from .feed import feed

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """An event, to be confirmed once it is handled. `redelivered`: it may have been handled before."""

    event: CloudEvent
    redelivered: bool
    _message: AbstractIncomingMessage

    async def confirm(self) -> None:
        """It is handled: take it off the queue. Raises Unreachable if its connection is gone: it will come again."""
        try:
            await self._message.ack()
        except LOST as error:
            raise Unreachable("the connection was lost before the event was confirmed: it will come again") from error

    async def nack(self, requeue: bool = True) -> None:
        """It is not handled: back into the queue, at once; or, without `requeue`, away with it."""
        try:
            await self._message.nack(requeue=requeue)
        except LOST as error:
            raise Unreachable("the connection was lost: the event will come again") from error


async def consume(link: Link, queue_name: str, *, prefetch: int, follow: bool) -> AsyncGenerator[Delivery, None]:
    """The deliveries of a subscriber queue, for ever, or with `follow` false until it is empty.

    Reconnects by itself. Raises Refused when the queue does not exist, or does no more.
    """
    pauses = Pauses()
    while True:
        try:
            async with link.channel(prefetch=prefetch) as channel:
                queue = await _existing(channel, queue_name)
                pauses.reset()
                async with aclosing(_followed(queue) if follow else _drained(queue)) as messages:
                    async for message in messages:
                        if delivery := await _read(message):
                            yield delivery
                return
        except LOST as error:
            _log.info("lost the connection to %s, trying again: %s", link, error)
            await pauses.sleep()


async def _existing(channel: AbstractChannel, name: str) -> AbstractQueue:
    try:
        return await channel.get_queue(name)
    except ChannelNotFoundEntity as error:
        raise Refused(
            SUBSCRIPTION_NOT_FOUND, f"there is no queue {name}: put the subscription first", "name"
        ) from error


async def _followed(queue: AbstractQueue) -> AsyncGenerator[AbstractIncomingMessage, None]:
    async with feed(queue) as messages:
        while True:
            yield await messages.next()


async def _drained(queue: AbstractQueue) -> AsyncGenerator[AbstractIncomingMessage, None]:
    while message := await queue.get(fail=False):
        yield message


async def _read(message: AbstractIncomingMessage) -> Delivery | None:
    try:
        event = CloudEvent.model_validate_json(message.body)
    except ValidationError as error:
        _log.error("dropped a message that is no CloudEvent: %s", error)
        await message.reject(requeue=False)
        return None
    return Delivery(event, bool(message.redelivered), message)
