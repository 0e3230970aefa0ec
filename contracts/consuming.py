"""A subscriber queue: events that wait until they are confirmed."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity
from pydantic import ValidationError

from .codes import INVALID_PARAMETER_VALUE, SUBSCRIPTION_NOT_FOUND
from .connection import LOST, Link, Pauses
from .deliveries import Delivery, Failed, Origin, delivery
from .envelope import CloudEvent
from .errors import Refused, Unreachable
from .feed import feed
from .sequence import Repeats, SequenceCheck, Standing
from .topology import callback_queue, subscriber_queue

__all__ = ["Delivery", "Wishes", "consume"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How events are to be given out; see `VodflowClient.events`."""

    prefetch: int = 50
    follow: bool = True
    at_most_once: bool = False
    skip_repeats: bool = False
    failed: Failed = "requeue"

    def __post_init__(self) -> None:
        if not 1 <= self.prefetch <= 65_535:
            raise ValueError(f"prefetch is from 1 to 65535, not {self.prefetch}")


async def consume(link: Link, tenant: str, name: str, wishes: Wishes) -> AsyncGenerator[Delivery, None]:
    """The deliveries of a subscription's queue, for ever, or until it is empty.

    Reconnects by itself. Raises Refused when there is no queue of this name to consume from, or none any more.
    """
    pauses, check, repeats = Pauses(), SequenceCheck(), Repeats()
    origin = Origin(link=link, queue=subscriber_queue(tenant, name), failed=wishes.failed, confirmed=repeats.remember)
    skips = wishes.skip_repeats or wishes.at_most_once
    while True:
        try:
            async with link.channel(prefetch=wishes.prefetch) as channel:
                queue = await _existing(channel, link, tenant, name)
                pauses.reset()
                async with aclosing(_followed(queue) if wishes.follow else _drained(queue)) as messages:
                    async for message in messages:
                        if (one := await _read(message, origin)) is None:
                            continue
                        if skips and repeats.has(one.event):
                            await message.ack()
                            continue
                        if wishes.at_most_once:
                            await _taken(one, channel, repeats)
                        yield replace(one, standing=_standing(one.event, check, repeats))
                return
        except LOST as error:
            _log.info("lost the connection to %s, trying again: %s", link, error)
            await pauses.sleep()


async def _existing(channel: AbstractChannel, link: Link, tenant: str, name: str) -> AbstractQueue:
    try:
        return await channel.get_queue(subscriber_queue(tenant, name))
    except ChannelNotFoundEntity as error:
        if await _is_posted(link, tenant, name):
            text = f"the events of {name!r} are posted to its URL: they can't be consumed from a queue"
            raise Refused(INVALID_PARAMETER_VALUE, text, "name") from error
        text = f"there is no queue {subscriber_queue(tenant, name)}: put the subscription first"
        raise Refused(SUBSCRIPTION_NOT_FOUND, text, "name") from error


async def _is_posted(link: Link, tenant: str, name: str) -> bool:
    async with link.channel() as channel:
        try:
            await channel.get_queue(callback_queue(tenant, name))
        except ChannelNotFoundEntity:
            return False
    return True


def _standing(event: CloudEvent, check: SequenceCheck, repeats: Repeats) -> Standing:
    """What was given out but not confirmed is no repeat: nobody has handled it."""
    how = check.see(event)
    return "next" if how == "repeat" and not repeats.has(event) else how


async def _taken(one: Delivery, channel: AbstractChannel, repeats: Repeats) -> None:
    """Confirm, and have the broker answer something after it: then it knows, and won't deliver the event again."""
    try:
        await one.confirm()
        await channel.get_queue(one.origin.queue)
    except (Unreachable, *LOST) as error:
        repeats.forget(one.event)
        raise ConnectionError(f"lost before the confirmation was certain: {error}") from error


async def _followed(queue: AbstractQueue) -> AsyncGenerator[AbstractIncomingMessage, None]:
    async with feed(queue) as messages:
        while True:
            message = await messages.next()
            if queue.channel.is_closed:
                raise ConnectionError("what is here can't be confirmed any more: it will come again")
            yield message


async def _drained(queue: AbstractQueue) -> AsyncGenerator[AbstractIncomingMessage, None]:
    while message := await queue.get(fail=False):
        yield message


async def _read(message: AbstractIncomingMessage, origin: Origin) -> Delivery | None:
    try:
        event = CloudEvent.model_validate_json(message.body)
    except ValidationError as error:
        _log.error("dropped a message that is no CloudEvent: %s", error)
        await message.reject(requeue=False)
        return None
    return delivery(event, message, origin)
