"""What the notifier sees to before it takes the first event: the operator's subscriptions, and queues that are gone."""

from collections.abc import Awaitable, Callable, Sequence

from contracts.connection import Pauses
from shared.errors import RequestError
from shared.log import logger

from .changes import Changes
from .operator_file import Declared
from .store import Subscriptions


class Declaring:
    """Applies the operator's file; any number of times, on any number of replicas, it comes out the same."""

    def __init__(self, file: Sequence[Declared], subscriptions: Subscriptions, changes: Changes) -> None:
        self._file = file
        self._subscriptions = subscriptions
        self._changes = changes

    async def done(self) -> None:
        """Return when it is; tried again as long as a server is away."""
        for what in (self._apply, self._tell_others, self._changes.mend_all):
            await _until_it_works(what)

    async def _apply(self) -> None:
        for one in self._file:
            try:
                await self._changes.declare(one.tenant, one.asked, by_operator=True)
            except RequestError as error:
                logger().error(
                    "a subscription of the operator's file can't be as it says, and stays as it was",
                    tenant=one.tenant,
                    name=one.asked.name,
                    field=error.field,
                    error=error.message,
                )

    async def _tell_others(self) -> None:
        here = {(one.tenant, one.asked.name) for one in self._file}
        for tenant, name in await self._subscriptions.declared():
            if (tenant, name) not in here:
                text = "a subscription is no longer in the operator's file; it stays until it is deleted"
                logger().warning(text, tenant=tenant, name=name)


async def _until_it_works(what: Callable[[], Awaitable[None]]) -> None:
    pauses = Pauses()
    while True:
        try:
            return await what()
        except Exception as error:
            logger().warning("can't prepare subscriptions yet; trying again", error=f"{type(error).__name__}: {error}")
        await pauses.sleep()
