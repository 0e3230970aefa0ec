"""The tries of one event, until it is posted, put aside or given up."""

import asyncio
import random
import time
from contextlib import nullcontext

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, HeadersType
from aio_pika.exceptions import DeliveryError
from prometheus_client import Counter
from pydantic import ValidationError

from contracts.envelope import CONTENT_TYPE
from contracts.topology import DELAY
from shared.log import logger
from shared.rabbit import declared
from shared.web_rules import shown

from ..queues import queue_of_dead
from .letters import REASON, Letter, aside, read
from .posting import Outcome, Poster
from .receiver import Closing, Receiver
from .requests import request
from .schedule import Delay, End, Result, Schedule, Standing

DEAD = Counter("vodflow_callback_dead_total", "Events that were given up after their last try.")
AT_ONCE = 16
"""Posts to a receiver at a time; one only, after it has not answered in time, so that others get their turn."""


class Tries:
    """Brings the events of one channel to their receiver. A message is acknowledged when it is done with."""

    def __init__(self, receiver: Receiver, channel: AbstractChannel, poster: Poster, schedule: Schedule) -> None:
        self._receiver = receiver
        self._channel = channel
        self._poster = poster
        self._schedule = schedule
        self._free = asyncio.Semaphore(AT_ONCE)
        self._single = asyncio.Semaphore(1)
        self._late = False

    async def opened(self, message: AbstractIncomingMessage) -> Letter | None:
        """The letter in a message; what holds none is a dead letter at once."""
        subscription = self._receiver.subscription
        try:
            return read(message.body, message.headers, message.timestamp, subscription, time.time())
        except ValidationError as error:
            await self._give_up(message, f"this is no CloudEvent: {error.error_count()} faults in it")
            return None

    async def deliver(self, message: AbstractIncomingMessage, letter: Letter) -> None:
        """Try, and do what the schedule says then. Raises Closing, or one of LOST."""
        standing = letter.standing
        if letter.again and time.time() > standing.until_s:
            return await self._give_up(message, "its retention was over before the next try")
        while True:
            outcome = await self._tried(letter, standing)
            if outcome.result is Result.DONE:
                return await message.ack()
            strategy = self._receiver.endpoint.strategy
            standing, step = self._schedule.after(standing, outcome.result, strategy, time.time(), random.uniform)
            if isinstance(step, End):
                return await self._give_up(message, f"{outcome.reason} {step.why}")
            if isinstance(step, Delay):
                return await self._put_aside(message, standing, step)
            await self._receiver.pause(step.wait_s, wakes=step.wakes)

    async def _tried(self, letter: Letter, standing: Standing) -> Outcome:
        async with self._free, self._single if self._late else nullcontext():
            if self._receiver.closing:
                raise Closing
            if self._channel.is_closed:
                raise ConnectionError("the channel is gone: somebody else may have the event by now")
            subscription, endpoint = self._receiver.subscription, self._receiver.endpoint
            asked = request(
                endpoint,
                subscription.name,
                letter.event,
                letter.body,
                attempt=standing.attempt,
                now_s=int(time.time()),
            )
            outcome = await self._poster.post(asked)
            self._late = outcome.result is Result.LATE
        if outcome.result is not Result.AWAY:
            self._receiver.stir()
        if outcome.result is not Result.DONE:
            logger().warning(
                "an event could not be posted",
                queue=subscription.queue,
                url=shown(endpoint.url),
                id=letter.event.id,
                attempt=standing.attempt,
                reason=outcome.reason,
            )
        return outcome

    async def _put_aside(self, message: AbstractIncomingMessage, standing: Standing, delay: Delay) -> None:
        headers: HeadersType = {**aside(standing), "delay_s": delay.wait_s}
        exchange = await self._channel.get_exchange(DELAY, ensure=False)
        await exchange.publish(_copy(message, headers), self._receiver.subscription.queue)
        await message.ack()

    async def _give_up(self, message: AbstractIncomingMessage, reason: str) -> None:
        subscription = self._receiver.subscription
        dead = _copy(message, {REASON: reason[:500]})
        try:
            await self._channel.default_exchange.publish(dead, subscription.dead_queue)
        except DeliveryError:
            queue = queue_of_dead(subscription)
            assert queue is not None
            await declared(await self._channel.get_underlay_channel(), queue)
            await self._channel.default_exchange.publish(dead, subscription.dead_queue)
        DEAD.inc()
        logger().error("an event is a dead letter", queue=subscription.dead_queue, id=message.message_id, reason=reason)
        await message.ack()


def _copy(message: AbstractIncomingMessage, headers: HeadersType) -> Message:
    """The same event in a message of its own, without what the broker wrote into the first one's headers."""
    return Message(
        message.body,
        headers=headers,
        content_type=message.content_type or CONTENT_TYPE,
        message_id=message.message_id,
        timestamp=message.timestamp,
        delivery_mode=DeliveryMode.PERSISTENT,
    )
