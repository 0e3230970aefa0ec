"""Many events of many flows: published as the planner does, whatever the broker does, and counted as they come."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel

from contracts import topology
from contracts.connection import LOST, Link, Pauses
from contracts.deliveries import Delivery
from contracts.envelope import CONTENT_TYPE, CloudEvent, event_id
from contracts.flows import FlowProgressed, Notify


def event(flow_id: str, number: int) -> CloudEvent:
    """A flow's event; the same each time."""
    data = FlowProgressed(flow_id=flow_id, notify=Notify(mode="change"), progress_percent=0, subtasks=[])
    return CloudEvent.of(
        "flow.progressed.v1",
        data,
        source="crowd",
        id=event_id(flow_id, number),
        time=datetime.now(UTC),
        flowid=flow_id,
        sequence=number,
    )


async def publish(amqp_url: str, flows: list[str], events: int) -> None:
    """So many events of each flow, each after the one before it is confirmed; again until it is."""
    async with Link(amqp_url, name="crowd") as link, asyncio.TaskGroup() as group:
        channel = _Channel(link)
        for flow_id in flows:
            group.create_task(_publish_flow(channel, flow_id, events))


class _Channel:
    """A channel with confirms that is opened again when it is lost."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._opening = asyncio.Lock()
        self._channel: AbstractChannel | None = None

    async def put(self, event: CloudEvent) -> None:
        """Publish; returns when it is confirmed."""
        exchange = await (await self._opened()).get_exchange(topology.EVENTS, ensure=False)
        message = Message(
            event.to_json(),
            content_type=CONTENT_TYPE,
            message_id=event.id,
            delivery_mode=DeliveryMode.PERSISTENT,
        )
        await exchange.publish(message, event.key)

    async def _opened(self) -> AbstractChannel:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                self._channel = await self._link.open_channel(on_return_raises=True)
            return self._channel


async def _publish_flow(channel: _Channel, flow_id: str, events: int) -> None:
    for number in range(1, events + 1):
        one, pauses = event(flow_id, number), Pauses()
        while True:
            try:
                await channel.put(one)
                break
            except LOST:
                await pauses.sleep()


@dataclass
class Tally:
    """What a subscriber got: how often, in which order by first delivery, under which ids."""

    first: dict[str, list[int]] = field(default_factory=dict)
    ids: dict[tuple[str, int], str] = field(default_factory=dict)
    times: Counter[tuple[str, int]] = field(default_factory=Counter)
    other_ids: int = 0

    def see(self, event: CloudEvent) -> None:
        """An event has come."""
        assert event.flowid is not None and event.sequence is not None
        key = event.flowid, event.sequence
        self.times[key] += 1
        if key not in self.ids:
            self.ids[key] = event.id
            self.first.setdefault(event.flowid, []).append(event.sequence)
        elif self.ids[key] != event.id:
            self.other_ids += 1

    @property
    def distinct(self) -> int:
        """How many different events have come."""
        return len(self.ids)

    @property
    def repeats(self) -> int:
        """How many came that had come before."""
        return self.times.total() - self.distinct

    def lost(self, flows: list[str], events: int) -> int:
        """How many have never come."""
        return sum((flow_id, number) not in self.ids for flow_id in flows for number in range(1, events + 1))

    @property
    def reordered(self) -> int:
        """How many came for the first time after one that follows them."""
        return sum(
            number < max(sequence[:place], default=0)
            for sequence in self.first.values()
            for place, number in enumerate(sequence)
        )


async def count(deliveries: AsyncIterable[Delivery], tally: Tally) -> None:
    """Confirm what comes, for ever."""
    async for delivery in deliveries:
        async with delivery:
            tally.see(delivery.event)
