"""Watching a flow against a peer on a real broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from contracts import watching
from contracts.client import VodflowClient
from contracts.codes import TASK_NOT_FOUND
from contracts.envelope import CloudEvent
from contracts.errors import Refused, Unreachable
from contracts.flows import FlowDescribed, FlowFinished, FlowProgressed, FlowState, Outcome, Rejected
from tests.integration.contracts.standin import FLOW_ID, Answer, StandIn, described, flow
from tests.proxy import Proxy

ENDED = flow(FlowState.FINISHED, Outcome.SUCCESS)


def progressed(sequence: int, flow_id: str = FLOW_ID) -> CloudEvent:
    data = FlowProgressed(flow_id=flow_id, progress_percent=float(sequence), subtasks=[])
    return CloudEvent.of("flow.progressed.v1", data, source="stand-in", flowid=flow_id, sequence=sequence)


def finished(sequence: int) -> CloudEvent:
    data = FlowFinished(flow=ENDED)
    return CloudEvent.of("flow.finished.v1", data, source="stand-in", flowid=FLOW_ID, sequence=sequence)


async def collect(events: AsyncIterator[CloudEvent]) -> list[tuple[str, int | None]]:
    async with asyncio.timeout(20):
        return [(event.key, event.sequence) async for event in events]


async def test_events_of_this_flow_come_in_sequence_without_repeats(client: VodflowClient, stand_in: StandIn) -> None:
    stand_in.rules["flow.describe.v1"] = described(flow())
    async with aclosing(client.watch(FLOW_ID)) as events, asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        seen = tasks.create_task(collect(events))
        await stand_in.asked.wait()
        for event in (
            progressed(3),
            progressed(7, "f" * 32),
            progressed(4),
            progressed(3),
            progressed(4),
            finished(5),
            progressed(6),
        ):
            await stand_in.tell(event)

    assert seen.result() == [("flow.progressed.v1", 3), ("flow.progressed.v1", 4), ("flow.finished.v1", 5)]


async def test_an_ended_flow_yields_the_end_from_its_description(client: VodflowClient, stand_in: StandIn) -> None:
    stand_in.rules["flow.describe.v1"] = described(ENDED)

    async with asyncio.timeout(20):
        events = [event async for event in client.watch(FLOW_ID)]

    (event,) = events
    assert (event.key, event.flowid, event.sequence) == ("flow.finished.v1", FLOW_ID, None)
    assert FlowFinished.model_validate(event.data).flow == ENDED


async def test_events_before_the_answer_are_not_missed(client: VodflowClient, stand_in: StandIn) -> None:
    told = asyncio.Event()

    def rule(_: CloudEvent) -> Answer:
        if not told.is_set():
            told.set()
            return None
        return "flow.described.v1", FlowDescribed(flow=ENDED)

    stand_in.rules["flow.describe.v1"] = rule
    async with asyncio.TaskGroup() as tasks:
        seen = tasks.create_task(collect(client.watch(FLOW_ID, patience_s=1.0)))
        await told.wait()
        await stand_in.tell(progressed(8))
        await stand_in.tell(finished(9))

    assert seen.result() == [("flow.progressed.v1", 8), ("flow.finished.v1", 9)]


async def test_an_end_that_was_missed_during_an_outage_is_told(
    client: VodflowClient, stand_in: StandIn, line: Proxy
) -> None:
    stand_in.rules["flow.describe.v1"] = described(flow())
    async with aclosing(client.watch(FLOW_ID)) as events, asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        seen = tasks.create_task(collect(events))
        await stand_in.asked.wait()
        await stand_in.tell(progressed(3))
        stand_in.rules["flow.describe.v1"] = described(ENDED)
        line.cut()

    assert seen.result()[-1] == ("flow.finished.v1", None)


async def test_a_flow_that_is_not_known_yet_is_waited_for(client: VodflowClient, stand_in: StandIn) -> None:
    def rule(_: CloudEvent) -> Answer:
        if len(stand_in.heard) == 1:
            return "flow.rejected.v1", Rejected(code=TASK_NOT_FOUND, message="no such flow")
        return "flow.described.v1", FlowDescribed(flow=ENDED)

    stand_in.rules["flow.describe.v1"] = rule

    assert await collect(client.watch(FLOW_ID)) == [("flow.finished.v1", None)]


async def test_a_flow_that_stays_unknown_is_refused(
    client: VodflowClient, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "KNOWN_WITHIN_S", 0.0)
    rejected = Rejected(code=TASK_NOT_FOUND, message="no such flow")
    stand_in.rules["flow.describe.v1"] = lambda _: ("flow.rejected.v1", rejected)

    with pytest.raises(Refused, match="no such flow"):
        await collect(client.watch(FLOW_ID))


async def test_patience_ends(client: VodflowClient, stand_in: StandIn) -> None:
    stand_in.rules["flow.describe.v1"] = lambda _: None

    with pytest.raises(Unreachable, match="nothing heard"):
        await collect(client.watch(FLOW_ID, patience_s=0.2))
