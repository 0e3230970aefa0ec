"""The callbacks of the notifier alone on real servers: replicas as a test wants, subscriptions, events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aiohttp.abc import AbstractResolver

from contracts.envelope import CONTENT_TYPE, CloudEvent, event_id
from contracts.offering import Http
from contracts.subscriptions import SubscriptionPut, SubscriptionView
from services.notifier.callbacks.callbacks import Callbacks
from services.notifier.callbacks.schedule import Schedule
from services.notifier.queues import own_queue, queue_of_dead
from services.notifier.store import Subscriptions
from shared.rabbit import declared
from shared.settings import Settings
from shared.store import Store
from tests.waiting import until

TENANT = "acme"
SECRET = "0123456789abcdef"
QUICK = Schedule(backoff_s=(0.01, 0.02), decay_s=(1, 1, 2), away_s=(0.05, 0.1), broken_s=0.05)
"""Both strategies with short waits, and three more tries each."""


def event(flow: str, sequence: int, **attributes: Any) -> CloudEvent:
    """An event of a flow."""
    return CloudEvent(
        id=event_id(flow, sequence),
        source="vodflow/test",
        type="vodflow.subtask.progressed.v1",
        flowid=flow,
        sequence=sequence,
        tenant=TENANT,
        data={"progress_percent": sequence, "name": "ä b"},
        **attributes,
    )


class House:
    """Where subscriptions are put and events published as the notifier does it."""

    def __init__(self, settings: Settings, store: Store, channel: AbstractChannel) -> None:
        self.settings = settings
        self.channel = channel
        self._subscriptions = Subscriptions(store)
        self._store = store
        self.made: list[SubscriptionView] = []

    async def put(self, url: str, name: str = "hook", **asked: Any) -> SubscriptionView:
        """Make or change a subscription; members of the endpoint by their names, the others too."""
        members = {key: asked.pop(key) for key in list(asked) if key in Http.model_fields}
        endpoint = Http(url=url, **{"secret": SECRET, **members})
        stored = await self._subscriptions.put(TENANT, SubscriptionPut(name=name, endpoint=endpoint, **asked))
        underlay = await self.channel.get_underlay_channel()
        for queue in (own_queue(stored), queue_of_dead(stored)):
            assert queue is not None
            await declared(underlay, queue)
        await self._subscriptions.changed()
        self.made.append(stored)
        return stored

    async def delete(self, subscription: SubscriptionView) -> None:
        """Remove a subscription with its queues."""
        await self._subscriptions.delete(TENANT, subscription.name)
        await self._subscriptions.changed()
        for name in (subscription.queue, subscription.dead_queue):
            await self.channel.queue_delete(name)

    async def tell(self, subscription: SubscriptionView, *events: CloudEvent | bytes) -> None:
        """Put events into a subscription's queue."""
        for one in events:
            body = one if isinstance(one, bytes) else one.to_json()
            message = Message(body, content_type=CONTENT_TYPE, delivery_mode=DeliveryMode.PERSISTENT)
            await self.channel.default_exchange.publish(message, subscription.queue)

    async def dead(self, subscription: SubscriptionView, count: int = 1) -> list[AbstractIncomingMessage]:
        """Wait for so many dead letters, and take them."""
        queue = await self.channel.get_queue(subscription.dead_queue)
        taken: list[AbstractIncomingMessage] = []

        async def enough() -> bool:
            while message := await queue.get(no_ack=True, fail=False):
                taken.append(message)
            return len(taken) >= count

        await until(enough, f"{count} dead letters")
        return taken

    async def queue(self, name: str) -> AbstractQueue:
        """A queue as it stands, with its counts."""
        return await self.channel.declare_queue(name, passive=True)

    async def empty(self, subscription: SubscriptionView) -> None:
        """Wait until nothing of a subscription is in hand or waits, in its queue or for its next try.

        Deleting it as the last act of a test asks the broker for exactly that.
        """

        async def nothing() -> bool:
            found = await self.queue(subscription.queue)
            return found.declaration_result.message_count == 0

        await until(nothing, f"{subscription.queue} to be empty")

    @asynccontextmanager
    async def replica(
        self,
        *,
        amqp_url: str | None = None,
        schedule: Schedule = QUICK,
        resolver: AbstractResolver | None = None,
        networks: str = "127.0.0.0/8",
        grace_s: float = 5.0,
    ) -> AsyncIterator[Callbacks]:
        """A process's worth of callbacks."""
        settings = self.settings.model_copy(
            update={
                "callback_networks": networks,
                "grace_s": grace_s,
                "amqp_url": amqp_url or self.settings.amqp_url,
            }
        )
        callbacks = Callbacks(settings, Subscriptions(self._store), schedule=schedule, resolver=resolver)
        serving = asyncio.create_task(callbacks.serve())
        try:
            yield callbacks
            await callbacks.stop()
        finally:
            serving.cancel()
            (ended,) = await asyncio.gather(serving, return_exceptions=True)
            assert ended is None or isinstance(ended, asyncio.CancelledError), ended
