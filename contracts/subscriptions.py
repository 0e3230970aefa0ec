"""Subscriptions: who wants which events, kept in a queue of their own until they are confirmed."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .model import Asked, Model, Timestamp

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"


def _pattern(value: str) -> str:
    words = value.split(".")
    odd = any(not word or (len(word) > 1 and ("*" in word or "#" in word)) for word in words)
    if odd or len(value) > 64 or len(words) > 16:
        raise ValueError(
            "a pattern is words joined by dots, each a name, * (one word) or # (any number); at most 64 characters"
        )
    return value


Pattern = Annotated[
    str,
    Field(json_schema_extra={"maxLength": 64, "pattern": r"^([^.*#]+|[*#])(\.([^.*#]+|[*#])){0,15}$"}),
    AfterValidator(_pattern),
]
"""Like a RabbitMQ binding key over the event's routing key: `flow.*.v1`, `subtask.#`."""


class SubscriptionPut(Asked):
    """Command `subscription.put.v1`: create or replace the tenant's subscription `name`.

    Events whose key matches one of `patterns` go to its queue: all of them with `mode` change, only the end of a flow
    or an edit with finish; none of a flow that was submitted with notify mode none. Undelivered events are kept for
    `retention_s`.
    """

    name: str = Field(pattern=NAME_PATTERN)
    patterns: list[Pattern] = Field(default_factory=lambda: ["#"], min_length=1, max_length=5)
    mode: Literal["finish", "change"] = "change"
    retention_s: int = Field(default=345_600, ge=60, le=1_296_000)


class SubscriptionDelete(Asked):
    """Command `subscription.delete.v1`: remove it and its queue, with what the queue still holds."""

    name: str = Field(pattern=NAME_PATTERN)


class SubscriptionList(Asked):
    """Query `subscription.list.v1`: the tenant's subscriptions."""


class SubscriptionView(SubscriptionPut):
    """A subscription as it stands; `queue` is the RabbitMQ queue to consume from, with manual acks."""

    queue: str
    created_at: Timestamp


class SubscriptionStored(Model):
    """Answer to `subscription.put.v1`: the queue exists; events from now on will be in it."""

    subscription: SubscriptionView


class SubscriptionDeleted(Model):
    """Answer to `subscription.delete.v1`."""

    name: str


class SubscriptionListed(Model):
    """Answer to `subscription.list.v1`."""

    subscriptions: list[SubscriptionView]
