"""Every public event as RabbitMQ hands it out, read by plain AMQP and JSON, in the order of arrival."""

import json
import threading
from types import TracebackType
from typing import Any, Self

import pika

Event = dict[str, Any]
TERMINAL = "vodflow.flow.finished.v1"


class Recorder:
    """Listens from entry to exit, in a thread of its own, with a queue of its own bound to `vodflow.events`."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        self._stopping = threading.Event()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="recorder")
        self._events: list[Event] = []

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listening.wait(30), "the recorder can't listen"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()

    def all(self) -> list[Event]:
        """Every event so far."""
        return list(self._events)

    def of(self, flow_id: str) -> list[Event]:
        """A flow's events so far."""
        return [event for event in self.all() if event.get("flowid") == flow_id]

    def end_of(self, flow_id: str) -> Event | None:
        """A flow's terminal event, if it came."""
        return next((event for event in self.of(flow_id) if event["type"] == TERMINAL), None)

    def begun(self) -> list[tuple[str, str]]:
        """(flow, subtask) in the order in which subtasks started."""
        return [
            (event["flowid"], event["data"]["subtask"]["subtask_id"])
            for event in self.all()
            if event["type"] == "vodflow.subtask.started.v1"
        ]

    def _listen(self) -> None:
        connection = pika.BlockingConnection(pika.URLParameters(self._url))
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "vodflow.events", "#")
        channel.basic_consume(queue, self._take, auto_ack=True)
        self._listening.set()
        while not self._stopping.is_set():
            connection.process_data_events(time_limit=0.1)
        connection.close()

    def _take(self, _channel: object, _method: object, _properties: object, body: bytes) -> None:
        self._events.append(json.loads(body))
