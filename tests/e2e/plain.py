"""A system in another language, as it were: pika, JSON written by hand, nothing of ours."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pika

PATIENCE_S = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back: the event, and the properties under which it came."""

    event: dict[str, Any]
    correlation_id: str
    content_type: str

    @property
    def type(self) -> str:
        """The CloudEvents type."""
        return str(self.event["type"])

    @property
    def data(self) -> dict[str, Any]:
        """The event's data."""
        return dict(self.event["data"])

    @property
    def refusal(self) -> tuple[str, str | None]:
        """Code and field of a refusal."""
        assert self.type.endswith(".rejected.v1"), self.event
        assert self.data["message"], self.event
        return self.data["code"], self.data["field"]


def event(key: str, data: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """A CloudEvent, as the design shows one."""
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "my-cms",
        "type": f"vodflow.{key}",
        "time": "2026-11-21T10:00:00Z",
        "datacontenttype": "application/json",
        "data": data,
        **attributes,
    }


def body(message: dict[str, Any]) -> bytes:
    """A message's bytes."""
    return json.dumps(message).encode()


@contextmanager
def channel(amqp_url: str) -> Iterator[Any]:
    """A channel with confirms on a connection of its own."""
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    try:
        opened = connection.channel()
        opened.confirm_delivery()
        yield opened
    finally:
        connection.close()


def ask(amqp_url: str, key: str, message: bytes | dict[str, Any], *, correlation_id: str | None = None) -> Answer:
    """Publish a command and wait for its answer."""
    wanted = correlation_id or uuid.uuid4().hex
    with channel(amqp_url) as opened:
        queue = opened.queue_declare("", exclusive=True).method.queue
        _publish(opened, key, message, reply_to=queue, correlation_id=wanted)
        for _, properties, answer in opened.consume(queue, auto_ack=True, inactivity_timeout=PATIENCE_S):
            assert answer is not None, f"no answer to {key} within {PATIENCE_S} s"
            if properties.correlation_id == wanted:
                return Answer(json.loads(answer), properties.correlation_id, properties.content_type)
    raise AssertionError("the queue of answers is gone")


def tell(amqp_url: str, key: str, message: bytes | dict[str, Any]) -> None:
    """Publish a command that wants no answer."""
    with channel(amqp_url) as opened:
        _publish(opened, key, message)


def waiting(amqp_url: str, queue: str) -> list[tuple[str, bytes]]:
    """Take and confirm all that waits in a queue: (routing key, body)."""
    taken: list[tuple[str, bytes]] = []
    with channel(amqp_url) as opened:
        while True:
            method, _, message = opened.basic_get(queue)
            if method is None:
                return taken
            taken.append((method.routing_key, message))
            opened.basic_ack(method.delivery_tag)


def queue_exists(amqp_url: str, queue: str) -> bool:
    """Whether there is such a queue."""
    with channel(amqp_url) as opened:
        try:
            opened.queue_declare(queue, passive=True)
        except pika.exceptions.ChannelClosedByBroker:
            return False
        return True


def _publish(opened: Any, key: str, message: bytes | dict[str, Any], **properties: str) -> None:
    opened.basic_publish(
        "vodflow.commands",
        key,
        message if isinstance(message, bytes) else body(message),
        pika.BasicProperties(content_type="application/cloudevents+json", delivery_mode=2, **properties),
        mandatory=True,
    )
