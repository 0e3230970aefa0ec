"""What becomes of a delivery that is none of our messages, such as an S3 storage's notice; else as in delivery.py.

| what happened                     | the message                                                   |
|-----------------------------------|---------------------------------------------------------------|
| handled                           | ack                                                           |
| a RequestError                    | dead letter                                                   |
| the store or the broker is away   | held, tried again until it works                              |
| any other error                   | given back after a growing pause; dead letter after the limit |
"""

from collections.abc import Awaitable, Callable

from faststream.rabbit import RabbitMessage
from opentelemetry.trace import SpanKind

from .delivery import HANDLED, give_back, held
from .errors import RequestError
from .log import logger
from .telemetry import Tracer

RawHandler = Callable[[bytes], Awaitable[None]]


async def deliver_raw(message: RabbitMessage, handler: RawHandler, kind: str, tracer: Tracer) -> None:
    """Take care of one delivery of a kind of message. Never raises but on cancellation."""
    with tracer.span(f"process {kind}", kind=SpanKind.CONSUMER):
        try:
            await held(lambda: handler(message.body), kind)
        except RequestError as error:
            logger().warning("message refused", type=kind, code=error.code, error=error.message, field=error.field)
            HANDLED.labels(kind, "refused").inc()
            await message.reject(requeue=False)
            return
        except Exception as error:
            count = int(message.headers.get("x-delivery-count") or 0)
            await give_back(message, count, kind, message.message_id or "", error)
            return
    await message.ack()
    HANDLED.labels(kind, "handled").inc()
