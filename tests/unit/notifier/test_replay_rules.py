"""What may be replayed, and what of the stream is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView
from services.notifier.replays.rules import Replay, check_since, wanted
from shared.errors import RequestError

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
FLOW = "a" * 32


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize("since", [ago(0), ago(3600), ago(3604), ago(-4)])
def test_within_the_window(since: datetime) -> None:
    check_since(since, 3600, NOW)


@pytest.mark.parametrize("since", [ago(3606), ago(-6)])
def test_out_of_the_window(since: datetime) -> None:
    with pytest.raises(RequestError) as refused:
        check_since(since, 3600, NOW)
    assert refused.value.code == "6050"
    text = "since must be from 2026-11-27T11:00:00Z (rewind_s, 3600 s ago) to 2026-11-27T12:00:00Z (now)"
    assert (refused.value.message, refused.value.field) == (text, "since")


def test_no_window() -> None:
    with pytest.raises(RequestError, match="its rewind_s is 0"):
        check_since(NOW, 0, NOW)


def subscription(**members: Any) -> SubscriptionView:
    return SubscriptionView.model_validate({"name": "mine", "queue": "q", "created_at": NOW, **members})


def replay(**members: Any) -> Replay:
    given = {"id": "r", "tenant": "t1", "name": "mine", "queue": "q", "made_at": NOW, "since": ago(60), **members}
    return Replay(**given)


def event(**members: Any) -> CloudEvent:
    given = {"id": "1", "source": "s", "type": "vodflow.flow.progressed.v1", "tenant": "t1", "time": ago(30)}
    data = {"flow_id": FLOW, "notify": {"mode": "change"}, "progress_percent": 1.0, "subtasks": []}
    return CloudEvent(**{**given, "flowid": FLOW, "sequence": 3, "data": data, **members})


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, True),
        ({"time": ago(60)}, True),
        ({"time": ago(61)}, False),
        ({"time": None}, True),
        ({"tenant": "t2"}, False),
        ({"data": {"flow_id": FLOW, "notify": {"mode": "none"}, "progress_percent": 1.0, "subtasks": []}}, False),
        ({"data": {"flow": "none of ours"}}, False),
        ({"type": "vodflow.flow.vanished.v1"}, False),
        ({"type": "vodflow.flow.cancel.v1", "data": {"flow_id": FLOW}}, False),
    ],
)
def test_a_rewind_is_by_time(members: dict[str, Any], expected: bool) -> None:
    assert wanted(replay(), subscription(), event(**members)) is expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, True),
        ({"time": ago(90_000)}, True),
        ({"sequence": 2}, False),
        ({"sequence": None}, False),
        ({"flowid": "b" * 32}, False),
        ({"flowid": None}, False),
        ({"tenant": "t2"}, False),
    ],
)
def test_a_replay_is_by_flow_and_sequence(members: dict[str, Any], expected: bool) -> None:
    assert wanted(replay(flow_id=FLOW, from_sequence=3), subscription(), event(**members)) is expected


def test_the_subscription_has_its_say() -> None:
    assert not wanted(replay(), subscription(patterns=["subtask.#"]), event())
