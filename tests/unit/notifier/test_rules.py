"""Which subscription gets which event."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView
from services.notifier.rules import matches, wants


@pytest.mark.parametrize(
    ("pattern", "key", "expected"),
    [
        ("#", "flow.finished.v1", True),
        ("#", "", True),
        ("flow.*.v1", "flow.finished.v1", True),
        ("flow.*.v1", "flow.v1", False),
        ("flow.*", "flow.finished.v1", False),
        ("flow.#", "flow", True),
        ("flow.#.v1", "flow.v1", True),
        ("#.v1", "subtask.started.v1", True),
        ("subtask.#", "flow.started.v1", False),
        ("*.started.v1", "subtask.started.v1", True),
    ],
)
def test_patterns_match_as_rabbitmq_binding_keys_do(pattern: str, key: str, expected: bool) -> None:
    assert matches(pattern, key) is expected


def subscription(mode: str = "change", *patterns: str) -> SubscriptionView:
    return SubscriptionView.model_validate(
        {
            "name": "mine",
            "mode": mode,
            "patterns": list(patterns or ["#"]),
            "queue": "q",
            "created_at": datetime(2026, 11, 21, tzinfo=UTC),
        }
    )


def event(key: str, **data: Any) -> CloudEvent:
    return CloudEvent(id="1", source="test", type=f"vodflow.{key}", data=data)


@pytest.mark.parametrize(
    ("flow_mode", "mode", "started", "finished"),
    [
        ("change", "change", True, True),
        ("change", "finish", False, True),
        ("finish", "change", False, True),
        ("finish", "finish", False, True),
        ("none", "change", False, False),
        ("none", "finish", False, False),
    ],
)
def test_the_flow_and_the_subscription_both_let_an_event_through(
    flow_mode: str, mode: str, started: bool, finished: bool
) -> None:
    notify = {"mode": flow_mode}

    assert wants(subscription(mode), event("flow.started.v1", notify=notify)) is started
    assert wants(subscription(mode), event("subtask.started.v1", notify_mode=flow_mode)) is started
    assert wants(subscription(mode), event("flow.finished.v1", flow={"notify": notify})) is finished
    assert wants(subscription(mode), event("edit.finished.v1", notify=notify)) is finished
    assert wants(subscription(mode), event("workflow.failed.v1", notify=notify)) is finished


def test_an_event_that_no_pattern_matches_is_not_wanted() -> None:
    assert not wants(subscription("change", "subtask.#"), event("flow.started.v1", notify={"mode": "change"}))
