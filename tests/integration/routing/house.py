"""Replicas of the notifier in this process, events to tell, and what subscribers then have."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from contracts import topology
from contracts.client import VodflowClient
from contracts.envelope import CloudEvent, event_id
from contracts.flows import FlowProgressed, Notify
from contracts.subscriptions import SubscriptionPut, SubscriptionView
from contracts.topology import dead_queue
from services.notifier.app import NotifierApp
from services.notifier.operator_file import declared
from services.notifier.store import Subscriptions
from shared import telemetry
from shared.bus import Bus
from shared.parts import Parts
from shared.settings import Settings
from shared.storage import Storage
from shared.store import Store
from tests.integration.shared.desk import Desk
from tests.waiting import until


class Replica:
    """One notifier."""

    def __init__(self, settings: Settings) -> None:
        self.store = Store.connect(settings)
        self.bus = Bus("notifier", settings, telemetry.start("notifier", settings))
        parts = Parts(settings, self.bus, self.store, Storage(settings), telemetry.start("notifier", settings))
        file = settings.subscriptions_file
        self.app = NotifierApp(parts, declared(file, settings.callback_rules) if file else [])
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return when it consumes."""
        await self.app.prepare()
        await self.bus.start()
        self._serving = asyncio.create_task(self.app.serve())
        await self.consuming()

    async def consuming(self) -> None:
        """Wait until it gets events, or stands by."""

        async def check() -> bool:
            return self.bus.consuming()

        await until(check, "the notifier to consume")

    async def stop(self) -> None:
        """As a service stops."""
        await self.app.stop()
        await self.bus.stop()
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.gather(self._serving, return_exceptions=True)
        await self.store.close()


class House:
    """A tenant of its own, and replicas that are started when the test wants them."""

    client: VodflowClient

    def __init__(self, settings: Settings, desk: Desk, store: Store) -> None:
        self.settings = settings
        self.desk = desk
        self.store = store
        self.subscriptions = Subscriptions(store)
        self.tenant = f"t-{uuid4().hex[:12]}"
        self._running: list[Replica] = []

    async def start(self, **changes: Any) -> Replica:
        """One more replica."""
        replica = Replica(self.settings.model_copy(update=changes))
        self._running.append(replica)
        await replica.start()
        return replica

    async def stop(self, *replicas: Replica) -> None:
        """Stop these, or all."""
        for replica in replicas or list(self._running):
            self._running.remove(replica)
            await replica.stop()

    async def forget(self) -> None:
        """Remove the queues of all subscriptions."""
        for _, subscription in await self.subscriptions.all():
            await self.desk.delete(subscription.queue)
            await self.desk.delete(dead_queue(subscription.queue))

    async def subscribed(self, name: str = "mine", **members: Any) -> SubscriptionView:
        """A subscription."""
        return await self.client.put_subscription(SubscriptionPut.model_validate({"name": name, **members}))

    async def tell(self, *events: CloudEvent) -> None:
        """As the planner does: one after the other."""
        for event in events:
            await self.desk.publish(event, topology.EVENTS, event.key)

    def event(self, flow_id: str, number: int, **attributes: Any) -> CloudEvent:
        """An event of a flow."""
        tenant = attributes.pop("tenant", self.tenant)
        return CloudEvent.of(
            "flow.progressed.v1",
            FlowProgressed(flow_id=flow_id, notify=Notify(mode="change"), progress_percent=0, subtasks=[]),
            source="test",
            id=event_id(flow_id, number, tenant),
            tenant=tenant,
            flowid=flow_id,
            sequence=number,
            **attributes,
        )

    def events(self, flow_id: str, count: int, **attributes: Any) -> list[CloudEvent]:
        """A flow's events from the first on."""
        return [self.event(flow_id, number, **attributes) for number in range(1, count + 1)]

    async def taken(self, subscription: SubscriptionView, count: int) -> list[CloudEvent]:
        """The next so many out of its queue, confirmed."""
        return [await self.desk.event(subscription.queue) for _ in range(count)]

    async def rest(self, subscription: SubscriptionView) -> list[CloudEvent]:
        """Whatever else is in its queue, once all that was told is republished.

        A last event of a flow of its own is waited for.
        """
        last = self.event(uuid4().hex, 1)
        await self.tell(last)
        found: list[CloudEvent] = []
        while (event := await self.desk.event(subscription.queue)).id != last.id:
            found.append(event)
        return found

    async def emptied(self) -> None:
        """Wait until no event waits for the notifier."""

        async def check() -> bool:
            return await self.desk.waiting(topology.NOTIFIER_EVENTS) == 0

        await until(check, "the events to be republished")


def firsts(events: Sequence[CloudEvent]) -> dict[str, list[int]]:
    """The sequence numbers of each flow in the order in which they came first."""
    order: dict[str, list[int]] = {}
    for event in events:
        assert event.flowid is not None
        assert event.sequence is not None
        numbers = order.setdefault(event.flowid, [])
        if event.sequence not in numbers:
            numbers.append(event.sequence)
    return order
