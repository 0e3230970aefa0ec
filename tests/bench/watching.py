"""What a watched directory with ten thousand files costs, and how soon a new file is noticed."""

import asyncio
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pika
import psutil

from contracts.client import VodflowClient
from contracts.workflows import WorkflowPut
from deploy.local.stack import Stack
from tests.bench.figure import Figure, spread
from tests.bench.sources import Sources
from tests.bench.starts import Starts

FILES = 10_000
WATCHED_S = 60.0
ROUNDS = 30
TASKS = {"snapshot_by_time_offset": [{"definition": 10, "time_offsets": ["0s"]}]}


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """Processor time of intake over a minute in which nothing comes; then files that come one after the other.

    A file is complete when its writer closes it, or when it is renamed into place. It is noticed when flow.accepted is
    in RabbitMQ. The files are of no use as media: what becomes of their flows is no matter here.
    """
    inbox = stack.environment.storage_root / "inbox"
    await asyncio.to_thread(_fill, inbox)
    intake = psutil.Process(stack.services.of("intake")[0].pid)
    async with VodflowClient(stack.environment.amqp_url, tenant="bench") as client:
        asked = {
            "name": "watching",
            "trigger": {"storage": inbox.as_uri(), "formats": ["mp4"]},
            "output": {"storage": (inbox.parent / "results").as_uri()},
            "tasks": TASKS,
        }
        begin = time.monotonic()
        workflow = await client.put_workflow(WorkflowPut.model_validate(asked))
        await client.enable_workflow(workflow.workflow_id, timeout_s=120)
        enabling_s = time.monotonic() - begin
        await asyncio.sleep(10)
        idle = await _share(intake)
        delays = await asyncio.to_thread(_delays, stack.environment.amqp_url, inbox)
        await client.disable_workflow(workflow.workflow_id)
    return [
        Figure(f"watched directory, {FILES:,} files: CPU of intake", idle, "% of a core", 5),
        Figure("watched directory: enabling it", enabling_s, "s"),
        Figure("new file to flow.accepted, most", max(delays), "s", 2, spread(delays)),
    ]


async def _share(process: psutil.Process) -> float:
    before = process.cpu_times()
    await asyncio.sleep(WATCHED_S)
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / WATCHED_S * 100


def _fill(inbox: Path) -> None:
    inbox.mkdir(parents=True)
    for number in range(FILES):
        (inbox / f"old-{number:05}.mp4").write_bytes(b"film")


def _delays(amqp_url: str, inbox: Path) -> list[float]:
    """Seconds from the completion of each new file to its flow, every other one renamed into place."""
    found = []
    with _accepted(amqp_url) as sources:
        for number in range(ROUNDS):
            path = inbox / f"new-{number}.mp4"
            if number % 2:
                path.with_suffix(".part").write_bytes(b"film" * 1000)
                path.with_suffix(".part").rename(path)
            else:
                _write_slowly(path)
            complete = time.monotonic()
            next(url for url in sources if url == path.as_uri())
            found.append(time.monotonic() - complete)
    return found


def _write_slowly(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(10):
            file.write(os.urandom(1000))
            file.flush()
            time.sleep(0.1)


@contextmanager
def _accepted(amqp_url: str) -> Iterator[Iterator[str]]:
    """The sources of accepted flows as they are told."""
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    try:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "vodflow.events", "flow.accepted.v1")
        told = channel.consume(queue, auto_ack=True)
        yield (json.loads(body)["data"]["input"]["url"] for _, _, body in told)
    finally:
        connection.close()
