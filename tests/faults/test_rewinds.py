"""A rewind whose replica is killed or paused, or whose servers go: every event of the window comes, in order."""

import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import pytest

from contracts.client import VodflowClient
from contracts.subscriptions import SubscriptionPut
from shared.settings import Settings
from shared.store import Collection, Document, Store
from tests.faults.crowd import Tally, publish
from tests.faults.notifiers import Notifiers
from tests.waiting import until

FLOWS, EVENTS = 20, 150

Trouble = Callable[[Notifiers, Collection, Document], Awaitable[None]]


@pytest.fixture
async def replays(notifiers: Notifiers) -> AsyncIterator[Collection]:
    """The notifiers' documents."""
    store = Store.connect(Settings(mongo_driver="pymongo", mongo_url=notifiers.mongo_url))
    yield store.collection("replays")
    await store.close()


async def killed(notifiers: Notifiers, replays: Collection, replay: Document) -> None:
    await notifiers.kill(notifiers.owner(replay))
    assert (await ended(replays, replay["_id"]))["claims"] > 1, "it was killed too late to matter"


async def paused(notifiers: Notifiers, replays: Collection, replay: Document) -> None:
    victim = notifiers.owner(replay)
    notifiers.signal(victim, signal.SIGSTOP)
    try:
        assert (await ended(replays, replay["_id"]))["claims"] > 1, "it was paused too late to matter"
    finally:
        notifiers.signal(victim, signal.SIGCONT)
    await notifiers.said(victim, "another replica's now", replay["_id"])


async def without_broker(notifiers: Notifiers, replays: Collection, replay: Document) -> None:
    await notifiers.restart_broker()
    await ended(replays, replay["_id"])


async def without_database(notifiers: Notifiers, replays: Collection, replay: Document) -> None:
    await notifiers.kill_database()
    await ended(replays, replay["_id"])


@pytest.mark.parametrize("trouble", [killed, paused, without_broker, without_database])
async def test_in_the_middle_of_a_rewind(notifiers: Notifiers, replays: Collection, trouble: Trouble) -> None:
    flows, since, tally = [uuid4().hex for _ in range(FLOWS)], datetime.now(UTC), Tally()
    await publish(notifiers.amqp_url, flows, EVENTS)
    async with VodflowClient(notifiers.amqp_url, source="test") as client:
        await client.put_subscription(SubscriptionPut(name="rewound", rewind_s=3600))
        replay_id = await client.rewind("rewound", since)
        await trouble(notifiers, replays, await until(partial(under_way, replays, replay_id), "the rewind to begin"))
        async for delivery in client.events("rewound", follow=False):
            async with delivery:
                if delivery.event.replay is not None:  # the others are live ones that had not been said yet
                    assert delivery.event.replay == replay_id
                    tally.see(delivery.event)
        await client.delete_subscription("rewound")

    assert (tally.lost(flows, EVENTS), tally.other_ids, tally.reordered) == (0, 0, 0)
    assert tally.distinct == FLOWS * EVENTS


async def under_way(replays: Collection, replay_id: str) -> Document | None:
    """The replay, once some of it is done and some is not."""
    return await replays.find_one({"_id": replay_id, "state": "running", "count": {"$gt": 0}})


async def ended(replays: Collection, replay_id: str) -> Document:
    """The replay, once all of it is done."""
    return await until(lambda: replays.find_one({"_id": replay_id, "state": "done"}), "the rewind to end")
