"""How a command receives: messages whose lease has ended, then what is at the broker, then what comes while it waits.

A command that is asked again, by an asker without an answer or by the broker after a replica died, gets what it got:
its receipts bear its name. It takes nothing any more once the time that it may wait is long over, because by then its
asker may have asked again.
"""

import secrets
import time
from dataclasses import dataclass, field

from aio_pika.exceptions import ChannelNotFoundEntity

from contracts import codes
from contracts.connection import LOST, Link, Pauses
from contracts.subscriptions import SubscriptionView
from shared.errors import RequestError

from ..store import Subscriptions
from .arrivals import most_receipts
from .deliveries import Deliveries, Leased, Terms
from .taking import Taking
from .waits import Waits

MOST_LEASED = 20_000
SLACK_S = 5.0
"""How late a command may still take something: well before its asker asks again."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A command that receives, each time that it is asked."""

    tenant: str
    name: str
    count: int
    wait_s: int
    visibility_s: int
    nonce: str
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    begun_s: float = field(default_factory=time.monotonic)

    @property
    def left_s(self) -> float:
        """How long it may still wait."""
        return self.begun_s + self.wait_s - time.monotonic()


class Receiving:
    """Receives on behalf of commands, any number at a time."""

    def __init__(self, subscriptions: Subscriptions, deliveries: Deliveries, link: Link, waits: Waits) -> None:
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._link = link
        self._waits = waits

    async def receive(self, asking: Asking, subscription: SubscriptionView) -> list[Leased]:
        """The messages that a command gets, under its lease. Raises RequestError when it can't have any."""
        pauses = Pauses()
        terms = Terms(asking.nonce, asking.id, asking.visibility_s, most_receipts(subscription))
        while True:
            if had := await self._deliveries.again(subscription.queue, terms):
                return had
            if asking.left_s < -SLACK_S:
                return []
            count = min(asking.count, await self._room(subscription))
            try:
                return await self._taken(asking, subscription, terms, count)
            except ChannelNotFoundEntity as error:
                raise RequestError(
                    f"the queue {subscription.queue} is gone: put the subscription {asking.name!r} again",
                    codes.QUEUE_NOT_FOUND,
                    "name",
                ) from error
            except LOST:
                if asking.left_s < 0:
                    raise
                await pauses.sleep()

    async def give_back(self, asking: Asking, subscription: SubscriptionView) -> None:
        """Nobody got the answer to this asking: what it holds is to be had at once."""
        await self._deliveries.give_back(
            subscription.queue, Terms(asking.nonce, asking.id, asking.visibility_s, most_receipts(subscription))
        )

    async def _taken(self, asking: Asking, subscription: SubscriptionView, terms: Terms, count: int) -> list[Leased]:
        queue = subscription.queue
        leased = await self._deliveries.lease(queue, count, terms)
        if len(leased) == count:
            return leased
        async with self._link.channel() as channel:
            taking = Taking(self._deliveries, subscription, channel)
            if await taking.ready(count - len(leased)):
                leased += await self._kept(asking, subscription, terms, count - len(leased))
            while not leased and asking.left_s > 0 and not self._waits.ended:
                leased = await self._next(asking, subscription, terms, taking, count)
        return leased

    async def _next(
        self, asking: Asking, subscription: SubscriptionView, terms: Terms, taking: Taking, count: int
    ) -> list[Leased]:
        """What comes first: a message with those behind it, or one whose lease has ended. None: not in time, or not
        for this command, because others were faster."""
        leased: list[Leased] = []
        with self._waits.on(subscription.queue) as waiting:
            async with taking.following(waiting):
                while not (leased or waiting.brought or self._waits.ended) and asking.left_s > 0:
                    await waiting.stirred(asking.left_s)
                    if not waiting.brought:
                        leased = await self._deliveries.lease(subscription.queue, count, terms)
        if len(leased) < count:
            await taking.ready(count - len(leased) - 1)
            leased += await self._kept(asking, subscription, terms, count - len(leased))
        return leased

    async def _kept(self, asking: Asking, subscription: SubscriptionView, terms: Terms, count: int) -> list[Leased]:
        """Lease what was just kept, unless its subscription was deleted meanwhile: then it goes too."""
        if await self._subscriptions.find(asking.tenant, asking.name) is None:
            await self._deliveries.forget(subscription.queue)
            await self._subscriptions.named(asking.tenant, asking.name)
        return await self._deliveries.lease(subscription.queue, count, terms)

    async def _room(self, subscription: SubscriptionView) -> int:
        """How many more may be out of sight."""
        leased = await self._deliveries.leased_count(subscription.queue)
        if leased >= MOST_LEASED:
            raise RequestError(
                f"{leased} events of this queue are received and not deleted, {MOST_LEASED} at most may be: "
                "delete what is handled, or wait until their visibility has passed",
                codes.TOO_MANY_INACTIVE,
                "name",
            )
        return MOST_LEASED - leased
