"""Runs replays: reads the stream from where one is up to its mark, and puts what is wanted into the queue again."""

import asyncio
from datetime import datetime

from aio_pika.abc import AbstractIncomingMessage
from pydantic import ValidationError

from contracts.connection import LOST, Link, Pauses
from contracts.envelope import CloudEvent
from contracts.errors import Unreachable
from contracts.feed import Feed
from contracts.subscriptions import SubscriptionView
from shared.log import logger
from shared.parts import Parts
from shared.rabbit import watched
from shared.slots import Slots
from shared.store import StoreError

from ..queues import kept_s
from ..store import Subscriptions
from .pipe import pipe
from .rules import READ_BEFORE, Replay, wanted
from .store import Claim, Replays
from .stream import FIRST, OFFSET, is_mark, mark, stream

AT_A_TIME = 4
"""Replays that one replica runs side by side."""
BATCH = 200
IDLE_S = 2.0
MOST_IDLE = 5
"""Waits for a mark that was put again each time; after so many the stream is another one than it was."""

_TROUBLES = (*LOST, Unreachable, TimeoutError, StoreError)


class _Lost(Exception):
    """The replay is another's now, or was ended."""


class Replayer:
    """A replica's part in the replays of all subscriptions."""

    def __init__(self, replays: Replays, subscriptions: Subscriptions, parts: Parts) -> None:
        settings = parts.settings
        self._replays = replays
        self._subscriptions = subscriptions
        self._bus = parts.bus
        self._amqp_url = watched(settings.amqp_url)
        self._beat_s = settings.lease_s / 3
        self._grace_s = settings.grace_s
        self._slots = Slots(AT_A_TIME, replays.claim, self._run, settings.poll_s)

    def wake(self) -> None:
        """One was asked for."""
        self._slots.wake()

    async def serve(self) -> None:
        """Claim and run until `stop`."""
        await self._slots.serve()

    async def stop(self) -> None:
        """Claim no more; hand back what has not ended within the grace: another replica goes on with it."""
        await self._slots.stop(self._grace_s)

    async def _run(self, claim: Claim) -> None:
        """Go on until it has ended or is lost, across troubles of the broker and the store."""
        pauses = Pauses()
        running = True
        try:
            while running:
                try:
                    running = await self._under_lease(claim)
                except* _TROUBLES as group:
                    error = _first(group)
                    logger().warning(
                        "a replay is held up; trying again",
                        replay=claim.replay.id,
                        error=f"{type(error).__name__}: {error}",
                    )
                if running:
                    await pauses.sleep()
        except asyncio.CancelledError:
            await self._replays.release(claim)
            raise

    async def _under_lease(self, claim: Claim) -> bool:
        """Run it with a heartbeat beside; False: no more to do here. Raises groups of `_TROUBLES`, or one of them."""
        held = await self._replays.hold(claim)
        if held is None:
            return False
        try:
            async with asyncio.TaskGroup() as group:
                beat = group.create_task(self._beat(held))
                await self._go_on(held)
                beat.cancel()
        except* _Lost:
            logger().info("a replay is another replica's now, or was ended", replay=claim.replay.id)
        return False

    async def _beat(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            if await self._replays.hold(claim) is None:
                raise _Lost

    async def _go_on(self, claim: Claim) -> None:
        replay, count = claim.replay, claim.count
        async with (
            Link(self._amqp_url, name="vodflow-replay") as link,
            pipe(link) as out,
            stream(link, _start(claim)) as messages,
        ):
            await mark(self._bus, replay.id)  # again, in case the first went with a stream that was lost
            idle = 0
            while True:
                batch = await _batch(messages)
                idle = 0 if batch else idle + 1
                if not batch:
                    await self._look_for_the_end(claim, idle, count)
                    continue
                subscription = await self._subscription(replay)
                if subscription is None:
                    break
                found, ended = _found(batch, claim, subscription)
                await out.send(found, subscription.queue, expires_s=kept_s(subscription))
                count += len(found)
                if not await self._replays.save(claim, _offset(batch[-1]) + 1, count):
                    raise _Lost
                if ended:
                    break
                await batch[-1].ack(multiple=True)
        await self._replays.end(claim)
        logger().info("a replay has ended", replay=replay.id, queue=replay.queue, republished=count)

    async def _look_for_the_end(self, claim: Claim, idle: int, count: int) -> None:
        """Nothing comes, not even the mark. Raises ConnectionError to begin anew when that goes on."""
        await mark(self._bus, claim.replay.id)
        if idle >= MOST_IDLE:
            await self._replays.save(claim, None, count)
            raise ConnectionError("the stream does not go on from where it was: reading it from the beginning")

    async def _subscription(self, replay: Replay) -> SubscriptionView | None:
        """As it is now; None when it was deleted, whatever has its name since."""
        found = await self._subscriptions.find(replay.tenant, replay.name)
        return found if found and found.created_at == replay.made_at else None


async def _batch(messages: Feed) -> list[AbstractIncomingMessage]:
    """What is here by now, after a wait for the first; nothing when none comes."""
    try:
        batch = [await messages.next(IDLE_S)]
    except TimeoutError:
        return []
    while len(batch) < BATCH and (message := messages.waiting()):
        batch.append(message)
    return batch


def _found(
    batch: list[AbstractIncomingMessage], claim: Claim, subscription: SubscriptionView
) -> tuple[list[CloudEvent], bool]:
    """What of a batch is to be said again, marked as replayed; and whether the end is in it."""
    replay = claim.replay
    found: list[CloudEvent] = []
    for message in batch:
        event = _read(message)
        if event is None or _offset(message) < (claim.offset or 0):
            continue
        if is_mark(event, replay.id):
            return found, True
        if not is_mark(event) and wanted(replay, subscription, event):
            found.append(event.model_copy(update={"replay": replay.id}))
    return found, False


def _read(message: AbstractIncomingMessage) -> CloudEvent | None:
    """None for what is no event: anyone may publish to the exchange."""
    try:
        return CloudEvent.model_validate_json(message.body)
    except ValidationError:
        return None


def _offset(message: AbstractIncomingMessage) -> int:
    offset = message.headers[OFFSET]
    assert isinstance(offset, int)
    return offset


def _start(claim: Claim) -> int | datetime | str:
    if claim.offset is not None:
        return claim.offset
    return FIRST if claim.replay.flow_id else claim.replay.since - READ_BEFORE


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
