"""Where a subscription's events are posted to, as it is now: shared by all tries of it in a process."""

import asyncio
from contextlib import suppress

from contracts.offering import Http
from contracts.subscriptions import SubscriptionView


class Closing(Exception):
    """No new try begins."""


class Receiver:
    """A subscription's endpoint."""

    def __init__(self, subscription: SubscriptionView) -> None:
        self.subscription = subscription
        self._closing = asyncio.Event()
        self._stir = asyncio.Event()

    @property
    def endpoint(self) -> Http:
        """Where to post to, and how."""
        assert isinstance(self.subscription.endpoint, Http)
        return self.subscription.endpoint

    def become(self, subscription: SubscriptionView) -> None:
        """From the next try on it is as this says; whoever waits for it to be there tries now if it is another one."""
        changed = subscription.endpoint != self.subscription.endpoint
        self.subscription = subscription
        if changed:
            self.stir()

    @property
    def closing(self) -> bool:
        """Whether no new try may begin."""
        return self._closing.is_set()

    def close(self) -> None:
        """From now on no new try begins, and nobody waits for one."""
        self._closing.set()
        self.stir()

    def stir(self) -> None:
        """The receiver is there, or may be: whoever waits for that tries now."""
        stirred, self._stir = self._stir, asyncio.Event()
        stirred.set()

    async def pause(self, wait_s: float, *, wakes: bool = False) -> None:
        """Wait; less when stirred, if it `wakes`. Raises Closing as soon as no new try may begin."""
        waited = self._stir if wakes else self._closing
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await waited.wait()
        if self.closing:
            raise Closing
