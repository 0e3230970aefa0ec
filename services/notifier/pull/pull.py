"""The pull contract: receive, delete; and pull and confirm, the same under the names of events."""

import json

from contracts import codes
from contracts.model import Model
from contracts.pulled_events import (
    LEASE_S,
    PULL_QUEUE,
    WAIT_S,
    EventConfirm,
    EventConfirmed,
    EventPull,
    EventPulled,
    PulledEvent,
)
from contracts.subscriber_queues import (
    BatchCode,
    HandleFault,
    QueueDelete,
    QueueDeleted,
    QueueReceive,
    QueueReceived,
    ReceivedMessage,
)
from contracts.subscriptions import SubscriptionView
from shared.bus import Bus, Received
from shared.delivery import held
from shared.errors import RequestError

from ..store import Subscriptions
from .deliveries import Deliveries, Leased
from .handles import Handle, nonce_of
from .receiving import Asking, Receiving


class Pull:
    """Use cases of those who take events themselves."""

    def __init__(self, subscriptions: Subscriptions, deliveries: Deliveries, receiving: Receiving, bus: Bus) -> None:
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._receiving = receiving
        self._bus = bus

    async def receive(self, received: Received) -> None:
        """Answer with events under a lease, or with none after a while."""
        asked: QueueReceive = received.data
        subscription = await self._pulled_from(received, asked.name)
        asking = _asking(
            received,
            asked.name,
            count=asked.count,
            wait_s=subscription.poll_s if asked.wait_s is None else asked.wait_s,
            visibility_s=subscription.visibility_s,
        )
        leased = await self._leased(received, asking, subscription)
        answer = QueueReceived(code="0" if leased else "7000", messages=[_message(one) for one in leased])
        await self._hand_over(received, "queue.received.v1", answer, asking, subscription)

    async def pull(self, received: Received) -> None:
        """The same with the wait and the lease of events."""
        asked: EventPull = received.data
        subscription = await self._pulled_from(received, asked.name)
        asking = _asking(received, asked.name, count=asked.count, wait_s=WAIT_S, visibility_s=LEASE_S)
        leased = await self._leased(received, asking, subscription)
        events = [PulledEvent(event_handle=one.handle.text, event=json.loads(one.body)) for one in leased]
        await self._hand_over(received, "event.pulled.v1", EventPulled(events=events), asking, subscription)

    async def delete(self, received: Received) -> None:
        """Take received events off; say which handles were refused."""
        asked: QueueDelete = received.data
        code, faults = await self._deleted(received, asked.name, asked.handles)
        await self._answer(received, "queue.deleted.v1", QueueDeleted(code=code, faults=faults))

    async def confirm(self, received: Received) -> None:
        """The same under the names of events."""
        asked: EventConfirm = received.data
        code, faults = await self._deleted(received, asked.name, asked.event_handles)
        await self._answer(received, "event.confirmed.v1", EventConfirmed(code=code, faults=faults))

    async def subscription(self, received: Received, name: str) -> SubscriptionView:
        """The subscription that a command names. Raises RequestError when there is none."""
        tenant = received.event.tenant
        if name == PULL_QUEUE and received.event.key.startswith("event."):
            if found := await self._subscriptions.find(tenant, name):
                return found
            raise RequestError(
                f"events are pulled from the subscription named {name}, and there is none: put a subscription named "
                f"{name}, or name another",
                codes.QUEUE_NOT_FOUND,
                "name",
            )
        return await self._subscriptions.named(tenant, name)

    async def _pulled_from(self, received: Received, name: str) -> SubscriptionView:
        subscription = await self.subscription(received, name)
        if subscription.endpoint.kind == "http":
            raise RequestError(
                f"the events of {name!r} are posted to {subscription.endpoint.url}: there is nothing to receive; "
                "put another subscription, with the endpoint queue",
                codes.INVALID_PARAMETER_VALUE,
                "name",
            )
        return subscription

    async def _leased(self, received: Received, asking: Asking, subscription: SubscriptionView) -> list[Leased]:
        if not received.reply_to:
            return []
        leased: list[Leased] = []

        async def receive() -> None:
            leased[:] = await self._receiving.receive(asking, subscription)

        await held(receive, received.event.key)
        return leased

    async def _hand_over(
        self, received: Received, key: str, answer: Model, asking: Asking, subscription: SubscriptionView
    ) -> None:
        event = self._bus.event(key, answer, tenant=received.event.tenant)
        if not await self._bus.answer(received, event):
            await self._receiving.give_back(asking, subscription)

    async def _deleted(self, received: Received, name: str, texts: list[str]) -> tuple[BatchCode, list[HandleFault]]:
        subscription = await self.subscription(received, name)
        read = {text: Handle.read(text) for text in texts}
        handles = [one for one in read.values() if one]
        deleted = await self._deliveries.delete(subscription.queue, handles, nonce(received)) if handles else set()
        faults = [_fault(text, one) for text, one in read.items() if one not in deleted]
        return "0" if not faults else "6020" if len(faults) == len(read) else "6010", faults

    async def _answer(self, received: Received, key: str, data: Model) -> None:
        await self._bus.answer(received, self._bus.event(key, data, tenant=received.event.tenant))


def nonce(received: Received) -> str:
    return nonce_of(received.event.tenant, received.event.source, received.event.id)


def _asking(received: Received, name: str, *, count: int, wait_s: int, visibility_s: int) -> Asking:
    return Asking(
        tenant=received.event.tenant,
        name=name,
        count=count,
        wait_s=wait_s,
        visibility_s=visibility_s,
        nonce=nonce(received),
    )


def _message(one: Leased) -> ReceivedMessage:
    return ReceivedMessage(
        event=json.loads(one.body),
        message_id=one.message_id,
        handle=one.handle.text,
        dequeue_count=one.handle.count,
        enqueued_at=one.enqueued_at,
        first_dequeued_at=one.first_dequeued_at,
        next_visible_at=one.next_visible_at,
    )


def _fault(text: str, handle: Handle | None) -> HandleFault:
    why = (
        "no handle of a received event"
        if handle is None
        else "its visibility has passed, or it was received again or deleted: only the latest handle counts, in time"
    )
    return HandleFault(handle=text, code=codes.INVALID_HANDLE, message=why)
