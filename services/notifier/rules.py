"""Which subscription gets which event. Pure."""

from collections.abc import Sequence
from typing import Any

from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView

ENDS = ("flow.finished.v1", "edit.finished.v1", "workflow.failed.v1")
"""What is told of a flow with notify mode finish: that it ended, or could not begin."""


def matches(pattern: str, key: str) -> bool:
    """Whether a routing key fits a pattern: `*` is exactly one word, `#` any number of words, none included."""
    return _match(pattern.split("."), key.split("."))


def _match(pattern: Sequence[str], words: Sequence[str]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return _match(pattern[1:], words) or (bool(words) and _match(pattern, words[1:]))
    return bool(words) and pattern[0] in ("*", words[0]) and _match(pattern[1:], words[1:])


def notify_mode(event: CloudEvent) -> str:
    """What the flow's submitter asked for: finish, change or none."""
    data: dict[str, Any] = event.data.get("flow", event.data)
    notify = data.get("notify")
    if isinstance(notify, dict):
        return str(notify.get("mode", "finish"))
    return str(data.get("notify_mode", "finish"))


def wants(subscription: SubscriptionView, event: CloudEvent) -> bool:
    """Whether a subscription gets an event: both the flow's notify mode and the subscription's let it through."""
    mode = notify_mode(event)
    if mode == "none":
        return False
    if "finish" in (mode, subscription.mode) and event.key not in ENDS:
        return False
    return any(matches(pattern, event.key) for pattern in subscription.patterns)
