"""The order in which the world hears of a flow: of its acceptance before all that comes of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.flows import FlowSubmit
from tests.integration.workflows.house import TASKS, House

SUBSCRIBERS = 8


@asynccontextmanager
async def eager_planner(amqp_url: str) -> AsyncIterator[None]:
    """Tells a flow's second event as soon as it has heard of the flow; its channel is no new one to the broker."""
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        events = await channel.get_exchange(topology.EVENTS, ensure=False)
        await events.publish(aio_pika.Message(b""), "flow.warm")

        async def started(message: AbstractIncomingMessage) -> None:
            async with message.process():
                heard = CloudEvent.model_validate_json(message.body)
                assert heard.flowid is not None
                told = heard.model_copy(
                    update={"id": f"{heard.id}-2", "type": "vodflow.flow.started.v1", "sequence": 2, "data": {}}
                )
                await events.publish(aio_pika.Message(told.to_json()), told.key)

        queue = await channel.get_queue(topology.PLANNER_FLOWS.name, ensure=False)
        consuming = await queue.consume(started)
        yield
        await queue.cancel(consuming)


async def test_every_queue_has_a_flows_acceptance_first_though_intake_has_only_just_started(house: House) -> None:
    """On a channel's first message the broker waits for one quorum queue after the other."""
    source, queues = house.write("film.mp4"), []
    heard = (topology.EVENTS, "flow.accepted.#"), (topology.EVENTS, "flow.started.#")
    async with eager_planner(house.settings.amqp_url):
        for _ in range(SUBSCRIBERS):
            queues.append(await house.desk.queue(*heard))
        for _ in range(3):
            await house.start()
            command = {"input": {"url": source.as_uri()}, "output": {"storage": house.outbox.as_uri()}, "tasks": TASKS}
            accepted = await house.client.submit(FlowSubmit.model_validate(command))
            for queue in queues:
                told = [await house.desk.event(queue) for _ in range(2)]
                assert [(one.flowid, one.sequence) for one in told] == [(accepted.flow_id, 1), (accepted.flow_id, 2)]
            await house.stop()
