"""Replicas of the notifier in this process, events to tell, and what subscribers then have."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from contracts import topology
from contracts.client import VodflowClient
from contracts.connection import Link
from contracts.envelope import CloudEvent, event_id
from contracts.flows import FlowProgressed, Notify
from contracts.subscriber_queues import RewindView
from contracts.subscriptions import SubscriptionPut, SubscriptionView
from services.notifier.app import build
from services.notifier.replays.rules import Replay
from services.notifier.replays.store import Replays
from services.notifier.replays.stream import FIRST, OFFSET, stream
from shared import telemetry
from shared.bus import Bus
from shared.parts import Parts
from shared.service import App
from shared.settings import Settings
from shared.storage import Storage
from shared.store import Store
from tests.integration.shared.desk import Desk
from tests.waiting import PATIENCE_S, until


class House:
    """A tenant of its own, and replicas that are started when the test wants them."""

    client: VodflowClient

    def __init__(self, settings: Settings, desk: Desk, store: Store) -> None:
        self.settings = settings
        self.desk = desk
        self.store = store
        self.tenant = f"t-{uuid4().hex[:12]}"
        self.replays = Replays(store, "elsewhere", settings.lease_s)
        self._running: list[tuple[App, Bus, asyncio.Task[None]]] = []

    async def start(self, name: str = "here", **changes: Any) -> App:
        """One more replica."""
        settings = self.settings.model_copy(update={"worker_name": name, **changes})
        tracer = telemetry.start("notifier", settings)
        bus = Bus("notifier", settings, tracer)
        app = build(Parts(settings, bus, self.store, Storage(settings), tracer))
        await app.prepare()
        await bus.start()
        self._running.append((app, bus, asyncio.create_task(app.serve())))
        return app

    async def stop(self) -> None:
        """Every replica, as a service stops."""
        for app, bus, serving in self._running:
            await app.stop()
            await bus.stop()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        self._running.clear()

    async def subscribed(self, name: str = "mine", **members: Any) -> SubscriptionView:
        """A subscription that can be rewound by an hour."""
        return await self.client.put_subscription(SubscriptionPut(name=name, **{"rewind_s": 3600, **members}))

    async def tell(self, *events: CloudEvent) -> None:
        """As the planner does: one after the other."""
        for event in events:
            await self.desk.publish(event, topology.EVENTS, event.key)

    def events(self, flow_id: str, count: int, *, age_s: float = 0.0, tenant: str | None = None) -> list[CloudEvent]:
        """A flow's events from the first on, so long ago."""
        time = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=age_s)
        return [
            CloudEvent.of(
                "flow.progressed.v1",
                FlowProgressed(flow_id=flow_id, notify=Notify(mode="change"), progress_percent=0, subtasks=[]),
                source="test",
                id=event_id(flow_id, number, tenant or self.tenant),
                time=time + timedelta(milliseconds=number),
                tenant=tenant or self.tenant,
                flowid=flow_id,
                sequence=number,
            )
            for number in range(1, count + 1)
        ]

    async def taken(self, subscription: SubscriptionView, count: int) -> list[CloudEvent]:
        """The next so many out of its queue, confirmed."""
        return [await self.desk.event(subscription.queue) for _ in range(count)]

    async def offsets(self, events: Sequence[CloudEvent]) -> list[int]:
        """Where in the stream they are."""
        found: list[int] = []
        left = [event.id for event in events]
        async with Link(self.settings.amqp_url, name="test") as link, stream(link, FIRST) as messages:
            while left:
                message = await messages.next(PATIENCE_S)
                await message.ack()
                if message.message_id == left[0]:
                    offset = message.headers[OFFSET]
                    assert isinstance(offset, int)
                    found.append(offset)
                    left.pop(0)
        return found

    async def done(self, subscription: SubscriptionView, replay_id: str) -> RewindView:
        """The replay, once it has ended."""

        async def look() -> RewindView | None:
            view = await self.replays.last(subscription.queue)
            return view if view and (view.replay_id, view.state) == (replay_id, "done") else None

        return await until(look, "the replay to end")

    def asked(self, subscription: SubscriptionView, since: datetime, **members: Any) -> Replay:
        """A replay as the notifier would write it down."""
        return Replay(
            id=uuid4().hex,
            tenant=self.tenant,
            name=subscription.name,
            queue=subscription.queue,
            made_at=subscription.created_at,
            since=since,
            **members,
        )


def seen(events: Sequence[CloudEvent]) -> list[tuple[str, str | None, int | None]]:
    """What must be the same on a repeat."""
    return [(event.id, event.flowid, event.sequence) for event in events]


def of(flow_id: str, events: Sequence[CloudEvent]) -> list[tuple[str, str | None, int | None]]:
    """The same of one flow, repeats left out."""
    return list(dict.fromkeys(seen([event for event in events if event.flowid == flow_id])))
