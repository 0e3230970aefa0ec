"""A queue that is rewound has what was told since a moment once more."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.errors import Refused
from contracts.flows import FlowFinished, FlowState, Outcome
from contracts.subscriber_queues import QueueRewind
from services.notifier.replays.store import Replays
from tests.integration.contracts.standin import flow
from tests.integration.replays.house import House, of, seen

A, B = "a" * 32, "b" * 32


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


async def test_events_since_a_moment_come_again_with_their_ids_and_the_replays(house: House) -> None:
    await house.start()
    mine = await house.subscribed()
    older, newer = house.events(A, 3, age_s=600), house.events(B, 5)
    await house.tell(*older, *newer)
    taken = await house.taken(mine, 8)
    assert (of(A, taken), of(B, taken)) == (seen(older), seen(newer))

    replay_id = await house.client.rewind("mine", ago(300))
    again = await house.taken(mine, 5)
    done = await house.done(mine, replay_id)

    assert seen(again) == seen(newer)
    assert {event.replay for event in again} == {replay_id}
    assert [event.model_copy(update={"replay": None}) for event in again] == newer
    assert (done.republished_count, await house.desk.waiting(mine.queue)) == (5, 0)


async def test_what_comes_again_tells_when_it_came_into_the_queue(house: House) -> None:
    await house.start()
    mine = await house.subscribed()
    await house.tell(*house.events(A, 1, age_s=600))
    await house.taken(mine, 1)
    before = ago(1)

    await house.client.rewind("mine", ago(900))

    message = await house.desk.take(mine.queue)
    assert message.timestamp is not None and message.timestamp > before, "retention and age count from there"


async def test_what_others_have_and_what_the_subscription_does_not_want_stays_out(house: House) -> None:
    await house.start()
    mine = await house.subscribed(patterns=["flow.finished.v1"])
    everything = await house.subscribed("everything")
    strangers = house.events(A, 2, tenant="t-stranger")
    end = FlowFinished(flow=flow(FlowState.FINISHED, Outcome.SUCCESS))
    wanted = [CloudEvent.of("flow.finished.v1", end, source="t", tenant=house.tenant, flowid=B, sequence=1)]
    await house.tell(*house.events(A, 3), *strangers, *wanted)
    await house.desk.publish(b"no event", topology.EVENTS, "flow.finished.v1")
    await house.tell(wanted[0].model_copy(update={"id": "odd", "data": {"flow": "none of ours"}}))
    await house.taken(mine, 1)
    await house.taken(everything, 4)

    replay_id = await house.client.rewind("mine", ago(60))

    assert (await house.done(mine, replay_id)).republished_count == 1
    assert seen(await house.taken(mine, 1)) == seen(wanted)
    assert await house.desk.waiting(everything.queue) == 0


async def test_many_events_of_many_flows_keep_their_order(house: House) -> None:
    await house.start()
    mine = await house.subscribed()
    flows = [house.events(f"{number:032x}", 100) for number in range(8)]
    await house.tell(*(event for together in zip(*flows, strict=True) for event in together))
    await house.taken(mine, 800)

    replay_id = await house.client.rewind("mine", ago(60))

    assert (await house.done(mine, replay_id)).republished_count == 800
    again = await house.taken(mine, 800)
    assert [of(events[0].flowid or "", again) for events in flows] == [seen(events) for events in flows]


@pytest.mark.parametrize("since_s", [-3600, 4000])
async def test_a_moment_out_of_range_is_refused_with_the_range(house: House, since_s: float) -> None:
    await house.start()
    mine = await house.subscribed()
    with pytest.raises(Refused, match=r"since must be from .*Z \(rewind_s, 3600 s ago\) to .*Z \(now\)") as refused:
        await house.client.rewind("mine", ago(since_s))
    assert (refused.value.code, refused.value.field) == ("6050", "since")
    assert await house.replays.last(mine.queue) is None


async def test_a_queue_without_a_rewind_window_is_refused(house: House) -> None:
    await house.start()
    await house.subscribed(rewind_s=0)
    with pytest.raises(Refused, match="its rewind_s is 0") as refused:
        await house.client.rewind("mine", ago(1))
    assert refused.value.code == "6050"
    with pytest.raises(Refused, match="no subscription 'other'") as refused:
        await house.client.rewind("other", ago(1))
    assert refused.value.code == "4440"


async def test_the_same_command_again_is_the_same_replay(house: House) -> None:
    await house.start()
    mine = await house.subscribed()
    await house.tell(*house.events(A, 2))
    await house.taken(mine, 2)
    command = CloudEvent.of("queue.rewind.v1", QueueRewind(name="mine", since=ago(60)), source="t", tenant=house.tenant)
    answers = []
    for _ in range(3):
        await house.desk.publish(command, topology.COMMANDS, command.key, reply=True)
        answers.append((await house.desk.answer())[0])
        await house.done(mine, answers[0].data["replay_id"])

    assert {answer.type for answer in answers} == {"vodflow.queue.rewound.v1"}
    assert len({answer.data["replay_id"] for answer in answers}) == 1
    await house.taken(mine, 2)
    assert await house.desk.waiting(mine.queue) == 0


async def test_one_at_a_time_for_a_subscription(house: House) -> None:
    await house.start()
    mine, other = await house.subscribed(), await house.subscribed("other")
    running = house.asked(mine, ago(60))
    await house.replays.begin(running)
    with pytest.raises(Refused, match=f"replay {running.id} into this queue has not ended yet") as refused:
        await house.client.rewind("mine", ago(60))
    assert (refused.value.code, refused.value.field) == ("6050", "name")
    await house.done(other, await house.client.rewind("other", ago(60)))
    await house.done(mine, running.id)
    await house.done(mine, await house.client.rewind("mine", ago(60)))


async def test_a_flow_comes_again_from_a_sequence_on(house: House) -> None:
    await house.start()
    mine = await house.subscribed(rewind_s=0)
    told = house.events(A, 5, age_s=90_000)
    await house.tell(*told, *house.events(B, 3))
    await house.taken(mine, 8)

    replay_id = await house.client.replay("mine", A, from_sequence=3)

    assert (await house.done(mine, replay_id)).republished_count == 3
    again = await house.taken(mine, 3)
    assert (seen(again), {event.replay for event in again}) == (seen(told[2:]), {replay_id})


async def test_of_an_unknown_flow_there_is_nothing(house: House) -> None:
    await house.start()
    mine = await house.subscribed()
    replay_id = await house.client.replay("mine", "f" * 32)
    assert (await house.done(mine, replay_id)).republished_count == 0
    with pytest.raises(Refused) as refused:
        await house.client.replay("absent", A)
    assert refused.value.code == "4440"


async def test_how_it_stands_is_described_and_a_purge_ends_it(house: House) -> None:
    await house.start()
    mine = await house.subscribed()
    await house.tell(*house.events(A, 4))
    replay_id = await house.client.rewind("mine", ago(60))
    await house.done(mine, replay_id)
    view = (await house.client.describe_queue("mine")).rewind
    assert view is not None
    assert (view.replay_id, view.state, view.republished_count) == (replay_id, "done", 4)

    await house.stop()
    elsewhere = Replays(house.store, "elsewhere", 60.0)
    asked = house.asked(mine, ago(60))
    await elsewhere.begin(asked)
    claim = await elsewhere.claim()
    assert claim is not None
    await house.start()
    await house.client.purge("mine")
    assert (await house.done(mine, asked.id)).republished_count == 0
    assert await elsewhere.hold(claim) is None
