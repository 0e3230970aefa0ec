"""The past again: a queue that is rewound, a flow that is replayed, by the command line and by the client."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.envelope import CloudEvent
from contracts.errors import Refused
from contracts.subscriptions import SubscriptionPut
from tests.e2e import sources
from tests.e2e.desk import ONE_PICTURE, Desk
from tests.e2e.test_cli import Cli
from tests.waiting import until


async def taken(desk: Desk, name: str, count: int) -> list[CloudEvent]:
    """The next so many events, confirmed."""
    events: list[CloudEvent] = []
    async for delivery in desk.client.events(name):
        async with delivery:
            events.append(delivery.event)
        if len(events) == count:
            break
    return events


async def told(desk: Desk) -> tuple[str, list[CloudEvent]]:
    """A flow that has ended, and its public events."""
    flow_id = await desk.submit(sources.SHORT, ONE_PICTURE, notify={"mode": "change"})
    await desk.ended(flow_id)
    return flow_id, [CloudEvent.model_validate(event) for event in desk.recorder.of(flow_id)]


async def test_a_rewound_queue_tells_the_past_again(desk: Desk, database: Any) -> None:
    await desk.client.put_subscription(SubscriptionPut(name="past", rewind_s=3600))
    _, events = await told(desk)
    assert await taken(desk, "past", len(events)) == events

    for since in (datetime.now(UTC) - timedelta(hours=1), events[0].time):
        assert since is not None
        replay_id = await desk.client.rewind("past", since)
        again = await taken(desk, "past", len(events))
        assert again == [event.model_copy(update={"replay": replay_id}) for event in events]
        await ended(database, replay_id)

    with pytest.raises(Refused) as refused:
        await desk.client.rewind("past", datetime.now(UTC) - timedelta(hours=2))
    assert (refused.value.code, refused.value.field) == ("6050", "since")


async def ended(database: Any, replay_id: str) -> None:
    """Wait until a replay has ended: another one into the same queue is refused until then."""
    await until(lambda: database.replays.find_one({"_id": replay_id, "state": "done"}), "the replay to end")


async def test_a_subscription_has_what_went_before_it(desk: Desk) -> None:
    flow_id, events = await told(desk)
    await desk.client.put_subscription(SubscriptionPut(name="late", patterns=["flow.#"]))
    replay_id = await desk.client.replay("late", flow_id, from_sequence=2)
    wanted = [event for event in events[1:] if event.key.startswith("flow.")]
    again = await taken(desk, "late", len(wanted))
    assert again == [event.model_copy(update={"replay": replay_id}) for event in wanted]


async def test_the_command_line_rewinds_and_replays(desk: Desk, database: Any) -> None:
    cli = Cli(desk)
    stored = await desk.client.put_subscription(SubscriptionPut(name="by-hand", rewind_s=3600))
    cli.tenant = stored.queue.split(".")[2]
    flow_id, events = await told(desk)
    await taken(desk, "by-hand", len(events))

    (rewound,) = await cli.json("queue", "rewind", "by-hand", "--since", "1h")
    shown = await cli.json("events", "by-hand", "--count", str(len(events)), "--at-most-once")
    assert [(event["id"], event["replay"]) for event in shown] == [(one.id, rewound["replay_id"]) for one in events]
    await ended(database, rewound["replay_id"])

    code, out, _ = await cli("queue", "replay", "by-hand", flow_id, "--from-sequence", str(len(events)))
    assert (code, out.startswith("begun: its events carry replay ")) == (0, True)
    code, out, _ = await cli("events", "by-hand", "--count", "1")
    assert (code, "flow.finished.v1" in out, "(replay " in out) == (0, True, True)

    code, out, err = await cli("queue", "rewind", "by-hand", "--since", "3h")
    assert (code, out) == (3, "")
    assert "6050: since must be from" in err
