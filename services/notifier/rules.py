"""Which subscription gets which event. Pure."""

from collections.abc import Sequence
from typing import Any

from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView, Tags

ENDS = ("flow.finished.v1", "edit.finished.v1", "workflow.failed.v1")
"""What is told of a flow with notify mode finish: that it ended, or could not begin."""
ANYONE = "*"
"""In a subscription's tag `tenant`: the events of all tenants."""


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


def takes(subscription: SubscriptionView, key: str) -> bool:
    """Whether events of this key are among those that a subscription names: by their type and by a pattern."""
    named = not subscription.types or key in subscription.types
    return named and any(matches(pattern, key) for pattern in subscription.patterns)


def hears(owner: str, subscription: SubscriptionView, tenant: str) -> bool:
    """Whether the events of `tenant` are for a subscription of the tenant `owner`: its own, or those of its tag."""
    if wanted := subscription.tags.tenant:
        return ANYONE in wanted or tenant in wanted
    return tenant == owner


def tagged(tags: Tags, event: CloudEvent) -> bool:
    """Whether an event has one of the wanted values of every tag; of whose it is, see `hears`."""
    if tags.procedure and event.procedure not in tags.procedure:
        return False
    return not tags.outcome or event.outcome in tags.outcome


def lets_through(mode: str, event: CloudEvent) -> bool:
    """Whether both the flow's notify mode and a subscription's let an event through."""
    asked = notify_mode(event)
    return asked != "none" and ("finish" not in (asked, mode) or event.key in ENDS)


def wants(subscription: SubscriptionView, event: CloudEvent) -> bool:
    """Whether a subscription that hears of the event's tenant gets the event."""
    named = takes(subscription, event.key) and tagged(subscription.tags, event)
    return named and lets_through(subscription.mode, event)
