"""Exchanges and queues of RabbitMQ: data, no broker import. Queue arguments are a schema: to change them, rename."""

from dataclasses import dataclass, field
from typing import Literal

COMMANDS = "vodflow.commands"
"""Topic exchange: commands and queries, from anyone."""
WORK = "vodflow.work"
"""Topic exchange: planner <-> workers, internal."""
EVENTS = "vodflow.events"
"""Topic exchange: public events."""
DEAD = "vodflow.dead"
"""Topic exchange: what could not be handled, under its own routing key."""

UNROUTED = "vodflow.unrouted"
"""Topic exchange: commands that no queue is bound for (alternate exchange of `vodflow.commands`)."""

S3 = "vodflow.s3"
"""Topic exchange: event notifications of S3 storages (MinIO, Ceph), published by them, under any routing key."""

SUBSCRIBERS_DEAD = "vodflow.subscribers.dead"
"""Headers exchange: what a subscriber queue gave up, on its way to that subscription's dead letters if it has any."""

DELAY = "vodflow.delay"
"""Headers exchange: what is to come back after `delay_s`, under the name of the queue that it comes back to."""

DELAYED = "vodflow.delayed"
"""Topic exchange: what comes back, under the name of its queue, which is bound by it."""

GONE = "vodflow.gone"
"""Topic exchange: what came back to a queue that is gone (alternate exchange of `vodflow.delayed`)."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A durable exchange."""

    name: str
    kind: Literal["topic", "headers"] = "topic"
    arguments: dict[str, str] = field(default_factory=dict)


EXCHANGES = (
    Exchange(name=UNROUTED),
    Exchange(name=COMMANDS, arguments={"alternate-exchange": UNROUTED}),
    Exchange(name=WORK),
    Exchange(name=EVENTS),
    Exchange(name=DEAD),
    Exchange(name=S3),
    Exchange(name=SUBSCRIBERS_DEAD, kind="headers"),
    Exchange(name=DELAY, kind="headers"),
    Exchange(name=GONE),
    Exchange(name=DELAYED, arguments={"alternate-exchange": GONE}),
)
"""Every exchange, in the order to declare them."""

DELIVERY_LIMIT = 20
"""Redeliveries before a message is dead. Generous: each restart of a service burns one of what it prefetched."""


HeaderBindings = tuple[tuple[str, dict[str, object]], ...]
"""What is bound by headers: (exchange, arguments) pairs."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A durable queue and what is bound to it: (exchange, routing key) pairs."""

    name: str
    bindings: tuple[tuple[str, str], ...]
    kind: Literal["quorum", "classic", "stream"] = "quorum"
    headers: HeaderBindings = ()
    """What else is bound to it."""
    single_active_consumer: bool = False
    dead_letters: bool = True
    """Whether what can't be handled goes to `vodflow.dead`."""
    delivery_limit: int = DELIVERY_LIMIT
    arguments: dict[str, object] = field(default_factory=dict)

    def declare_arguments(self) -> dict[str, object]:
        """The `x-` arguments to declare it with."""
        arguments: dict[str, object] = {"x-queue-type": self.kind, **self.arguments}
        if self.kind == "quorum":
            arguments["x-delivery-limit"] = self.delivery_limit
            if self.dead_letters:
                arguments["x-dead-letter-exchange"] = DEAD
        if self.single_active_consumer:
            arguments["x-single-active-consumer"] = True
        return arguments


INTAKE_COMMANDS = Queue(
    name="vodflow.intake.commands",
    bindings=(
        (COMMANDS, "flow.submit.*"),
        (COMMANDS, "flow.cancel.*"),
        (COMMANDS, "edit.submit.*"),
        (COMMANDS, "template.*.*"),
        (COMMANDS, "procedure.*.*"),
        (COMMANDS, "workflow.*.*"),
        (COMMANDS, "upload.completed.*"),
    ),
)
INTAKE_UNITS = Queue(name="vodflow.intake.units", bindings=((WORK, "fetch.request.v1"), (WORK, "fetch.cancel.v1")))
INTAKE_S3 = Queue(name="vodflow.intake.s3", bindings=((S3, "#"),))
INTAKE_UNROUTED = Queue(name="vodflow.intake.unrouted", bindings=((UNROUTED, "#"),))
PLANNER_QUERIES = Queue(
    name="vodflow.planner.queries",
    bindings=((COMMANDS, "flow.describe.*"), (COMMANDS, "flow.list.*")),
)
PLANNER_FLOWS = Queue(
    name="vodflow.planner.flows",
    bindings=((WORK, "flow.accepted.v1"), (WORK, "flow.abort.v1")),
)
"""A new flow comes here once every queue that hears public events has it. Were this one of those, a subscriber might
hear of what the planner does before it hears of the flow: on a channel's first message the broker waits for one quorum
queue after the other.
"""
PLANNER_UNITS = Queue(name="vodflow.planner.units", bindings=((WORK, "unit.started.v1"), (WORK, "unit.finished.v1")))
PLANNER_ANSWERS = Queue(name="vodflow.planner.answers", bindings=())
"""Intake's answers to the planner's own commands."""
PLANNER_PROGRESS = Queue(
    name="vodflow.planner.progress",
    kind="classic",
    bindings=((WORK, "unit.progressed.v1"),),
    arguments={"x-message-ttl": 10_000, "x-max-length": 10_000},
)
TRANSCODER_UNITS = Queue(
    name="vodflow.transcoder.units", bindings=((WORK, "transcode.request.v1"), (WORK, "transcode.cancel.v1"))
)
SNAPSHOTTER_UNITS = Queue(
    name="vodflow.snapshotter.units", bindings=((WORK, "pictures.request.v1"), (WORK, "pictures.cancel.v1"))
)
MERGER_UNITS = Queue(name="vodflow.merger.units", bindings=((WORK, "merge.request.v1"), (WORK, "merge.cancel.v1")))
NOTIFIER_COMMANDS = Queue(
    name="vodflow.notifier.commands",
    bindings=(
        (COMMANDS, "subscription.*.*"),
        (COMMANDS, "queue.delete.*"),
        (COMMANDS, "queue.describe.*"),
        (COMMANDS, "queue.redrive.*"),
        (COMMANDS, "queue.purge.*"),
        (COMMANDS, "queue.rewind.*"),
        (COMMANDS, "event.replay.*"),
        (COMMANDS, "event.confirm.*"),
        (COMMANDS, "event.describe.*"),
    ),
)
NOTIFIER_RECEIVES = Queue(
    name="vodflow.notifier.receives", bindings=((COMMANDS, "queue.receive.*"), (COMMANDS, "event.pull.*"))
)
"""Commands that may wait for half a minute: apart, so that the others need not."""
NOTIFIER_EVENTS = Queue(
    name="vodflow.notifier.events",
    bindings=((EVENTS, "flow.#"), (EVENTS, "subtask.#"), (EVENTS, "edit.#"), (EVENTS, "workflow.#")),
    single_active_consumer=True,
)
EVENTS_STREAM = Queue(
    name="vodflow.events.stream",
    kind="stream",
    bindings=((EVENTS, "#"),),
    arguments={"x-max-age": "15D", "x-stream-max-segment-size-bytes": 50_000_000},
)
"""The public events of the last 15 days, for replays."""
DEAD_LETTERS = Queue(name="vodflow.dead.letters", bindings=((DEAD, "#"),), dead_letters=False)

DELAYS_S = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
DELAY_QUEUES = tuple(
    Queue(
        name=f"vodflow.delay.{delay_s}",
        bindings=(),
        headers=((DELAY, {"x-match": "all", "delay_s": delay_s}),),
        dead_letters=False,
        arguments={
            "x-message-ttl": delay_s * 1000,
            "x-dead-letter-exchange": DELAYED,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )
    for delay_s in DELAYS_S
)
"""What waits so long before it comes back. A queue for each length, since messages leave a queue in order.

At least once: by default what a quorum queue dead-letters is lost if its way is not free at that moment. What can't be
routed would then be kept, and keep others, for ever: hence the alternate exchange.
"""
GONE_LETTERS = Queue(
    name="vodflow.gone.letters",
    kind="classic",
    bindings=((GONE, "#"),),
    arguments={"x-message-ttl": 3_600_000, "x-max-length": 1000},
)
"""Events that came back to a subscription that was deleted meanwhile: for an hour, to be looked at."""

QUEUES = (
    INTAKE_COMMANDS,
    INTAKE_UNITS,
    INTAKE_UNROUTED,
    INTAKE_S3,
    PLANNER_QUERIES,
    PLANNER_FLOWS,
    PLANNER_UNITS,
    PLANNER_ANSWERS,
    PLANNER_PROGRESS,
    TRANSCODER_UNITS,
    SNAPSHOTTER_UNITS,
    MERGER_UNITS,
    NOTIFIER_COMMANDS,
    NOTIFIER_RECEIVES,
    NOTIFIER_EVENTS,
    EVENTS_STREAM,
    DEAD_LETTERS,
    *DELAY_QUEUES,
    GONE_LETTERS,
)


def dead_queue(queue: str) -> str:
    """The name of the queue for what the subscriber queue `queue` gave up."""
    return f"{queue}.dead"


def subscriber_queue(tenant: str, name: str) -> str:
    """The name of a subscription's queue."""
    return f"vodflow.subscriber.{tenant}.{name}"


def callback_queue(tenant: str, name: str) -> str:
    """The name of the queue of a subscription whose events are posted."""
    return f"vodflow.callback.{tenant}.{name}"
