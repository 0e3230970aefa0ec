"""Questions and answers: publish a command, wait for what comes back to a queue of our own.

The answers' queue is exclusive and named by the server: it leaves nothing behind, and a new connection never finds it
locked by the half-dead old one. What was under way when it went is asked again with the same message id, which gets the
same answer.
"""

import asyncio
import uuid

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import ChannelNotFoundEntity, PublishError
from pydantic import ValidationError

from . import topology
from .connection import LOST, Link, Pauses, close
from .envelope import CONTENT_TYPE, CloudEvent
from .errors import ClientError, NotRouted, Unreachable


class Asker:
    """Asks over one channel, any number of questions at a time."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._opening = asyncio.Lock()
        self._channel: AbstractChannel | None = None
        self._answers_to = ""
        self._open: dict[str, asyncio.Future[CloudEvent]] = {}

    async def ask(self, command: CloudEvent, timeout_s: float) -> CloudEvent:
        """The answer to `command`. Raises NotRouted; Unreachable when there is none within `timeout_s` seconds.

        Asked again, with the same message id, when the connection is lost and once at half time.
        """
        pauses = Pauses()
        trouble: BaseException | None = None
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    try:
                        return await self._once(command, timeout_s / 2)
                    except LOST as error:
                        trouble = error
                        await pauses.sleep()
                    except _Silence:
                        continue
        except TimeoutError:
            why = f"no connection to RabbitMQ at {self._link}: {trouble}" if trouble else "nobody answered"
            raise Unreachable(f"{why} within {timeout_s:g} s ({command.key}, message id {command.id})") from trouble

    async def close(self) -> None:
        """Close the channel."""
        if self._channel is not None:
            await close(self._channel)

    async def _once(self, command: CloudEvent, patience_s: float) -> CloudEvent:
        channel = await self._opened()
        correlation_id = str(uuid.uuid4())
        answer: asyncio.Future[CloudEvent] = asyncio.get_running_loop().create_future()
        self._open[correlation_id] = answer
        try:
            await self._publish(channel, command, correlation_id)
            done, _ = await asyncio.wait({answer}, timeout=patience_s)
            if not done:
                raise _Silence
            return answer.result()
        finally:
            if not answer.cancel() and not answer.cancelled():
                answer.exception()  # looked at, so that asyncio does not complain when publishing failed first
            del self._open[correlation_id]

    async def _publish(self, channel: AbstractChannel, command: CloudEvent, correlation_id: str) -> None:
        exchange = await channel.get_exchange(topology.COMMANDS, ensure=False)
        message = Message(
            command.to_json(),
            content_type=CONTENT_TYPE,
            delivery_mode=DeliveryMode.PERSISTENT,
            message_id=command.id,
            type=command.type,
            correlation_id=correlation_id,
            reply_to=self._answers_to,
        )
        try:
            await exchange.publish(message, routing_key=command.key, mandatory=True)
        except PublishError as error:
            raise NotRouted(f"no service takes {command.key} at {self._link}: are they started?") from error
        except ChannelNotFoundEntity as error:
            raise NotRouted(f"no exchange {topology.COMMANDS} at {self._link}: are the services started?") from error

    async def _opened(self) -> AbstractChannel:
        async with self._opening:
            if self._channel is not None and not self._channel.is_closed:
                return self._channel
            channel = await self._link.open_channel(on_return_raises=True)
            try:
                queue = await channel.declare_queue(exclusive=True, auto_delete=True)
                await queue.consume(self._take, no_ack=True)
            except BaseException:
                await close(channel)
                raise
            channel.close_callbacks.add(self._give_up)
            self._channel, self._answers_to = channel, queue.name
            return channel

    async def _take(self, message: AbstractIncomingMessage) -> None:
        answer = self._open.get(message.correlation_id or "")
        if answer is None or answer.done():
            return
        try:
            answer.set_result(CloudEvent.model_validate_json(message.body))
        except ValidationError as error:
            answer.set_exception(ClientError(f"an answer that is no CloudEvent: {error}"))

    async def _give_up(self, _: object, error: BaseException | None) -> None:
        for answer in self._open.values():
            if not answer.done():
                answer.set_exception(ConnectionError(f"the channel was closed: {error}"))


class _Silence(Exception):
    """No answer for a while."""
