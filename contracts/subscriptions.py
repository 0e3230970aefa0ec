"""Subscriptions: who wants which events, and what becomes of them until they are confirmed. Source: reference F, G."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from .model import Asked, Model, Timestamp
from .offering import Http, QueueEndpoint

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
RETENTION_S = 345_600
VISIBILITY_S = 30


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

Name = Annotated[str, Field(pattern=NAME_PATTERN)]
EventType = Annotated[str, Field(pattern=r"^[a-z]+\.[a-z]+\.v[0-9]+$", max_length=64)]
Tag = Annotated[str, Field(min_length=1, max_length=64)]
Mode = Literal["finish", "change"]


class Tags(Asked):
    """Wanted values by tag; an event fits when it has one of the values of every tag that is named here.

    An event carries its tags as envelope attributes of the same names. `outcome`, of an event that tells an end, is
    success, partial, failed or aborted. `tenant` names others than the subscription's own only in the operator's file.
    """

    tenant: list[Tag] = Field(default_factory=list, max_length=5)
    procedure: list[Tag] = Field(default_factory=list, max_length=5)
    outcome: list[Literal["success", "partial", "failed", "aborted"]] = Field(default_factory=list, max_length=4)


class DeadLetters(Asked):
    """When an event is given up and moved to the subscription's dead letters: exactly one of the two.

    `max_receive_count`: after so many receipts without a confirmation. It is built into the queue when the subscription
    is made. `max_age_s`: when it has waited for so long, which is less than the retention.
    """

    max_receive_count: int | None = Field(default=None, ge=1, le=1000)
    max_age_s: int | None = Field(default=None, ge=300, le=43_200)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.max_receive_count is None) == (self.max_age_s is None):
            raise ValueError("give either max_receive_count or max_age_s")
        return self


Endpoint = Annotated[QueueEndpoint | Http, Field(discriminator="kind")]
Types = Annotated[list[EventType], Field(max_length=20)]
Patterns = Annotated[list[Pattern], Field(min_length=1, max_length=5)]
VisibilityS = Annotated[int, Field(ge=1, le=43_200)]
PollS = Annotated[int, Field(ge=0, le=30)]
RetentionS = Annotated[int, Field(ge=60, le=1_296_000)]
RewindS = Annotated[int, Field(ge=0, le=1_296_000)]


class SubscriptionPut(Asked):
    """Command `subscription.put.v1`: create or replace the tenant's subscription `name`.

    An event is wanted when its key is one of `types` (none named: any), matches one of `patterns` and has the `tags`:
    all such with `mode` change, only the end of a flow or an edit with finish; none of a flow that was submitted with
    notify mode none. It waits for `retention_s` at most. `visibility_s` and `poll_s` are for `queue.receive.v1`: how
    long a received event stays out of sight, and how long to wait for one. `rewind_s`: how far the queue can be
    rewound, at most its retention; 0: not at all.
    """

    name: Name
    types: Types = Field(default_factory=list)
    patterns: Patterns = Field(default_factory=lambda: ["#"])
    tags: Tags = Tags()
    mode: Mode = "change"
    endpoint: Endpoint = QueueEndpoint()
    visibility_s: VisibilityS = VISIBILITY_S
    poll_s: PollS = 0
    retention_s: RetentionS = RETENTION_S
    rewind_s: RewindS = 0
    dead_letters: DeadLetters | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.rewind_s > self.retention_s:
            raise ValueError(f"rewind_s is at most retention_s ({self.retention_s})")
        age_s = self.dead_letters.max_age_s if self.dead_letters else None
        if age_s is not None and age_s >= self.retention_s:
            raise ValueError(f"dead_letters.max_age_s must be less than retention_s ({self.retention_s})")
        return self


class SubscriptionModify(Asked):
    """Command `subscription.modify.v1`: change what is given of the subscription `name`, keep the rest.

    The kind of the endpoint and `dead_letters.max_receive_count` can't be changed: they are built into the queue.
    `dead_letters` null removes the policy. Of `endpoint`, which names its kind and URL, the rest stays if not given;
    `types`, `patterns` and `tags` are given as a whole.
    """

    name: Name
    types: Types | None = None
    patterns: Patterns | None = None
    tags: Tags | None = None
    mode: Mode | None = None
    endpoint: Endpoint | None = None
    visibility_s: VisibilityS | None = None
    poll_s: PollS | None = None
    retention_s: RetentionS | None = None
    rewind_s: RewindS | None = None
    dead_letters: DeadLetters | None = None

    @model_serializer(mode="wrap")
    def _given(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What is given and nothing else: null would remove."""
        told = {name: value for name, value in whole(self).items() if name in self.model_fields_set}
        if self.endpoint is not None:
            given = self.endpoint.model_dump(mode="json", exclude_unset=True)
            told["endpoint"] = {"kind": self.endpoint.kind, **given}
        return told


class SubscriptionDelete(Asked):
    """Command `subscription.delete.v1`: remove it and its queues, with what they still hold."""

    name: Name


class SubscriptionDescribe(Asked):
    """Query `subscription.describe.v1`: one subscription."""

    name: Name


class SubscriptionList(Asked):
    """Query `subscription.list.v1`: the tenant's subscriptions by name, `limit` from `offset`."""

    prefix: str = Field(default="", max_length=64)
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=1000, ge=1, le=1000)


class SubscriptionView(SubscriptionPut):
    """A subscription as it stands; `queue` is the RabbitMQ queue to consume from, with manual acks.

    Of an HTTP endpoint the secret is not told.
    """

    queue: str
    dead_queue: str = ""
    """The RabbitMQ queue of its dead letters, or "" when it has none."""
    created_at: Timestamp
    modified_at: Timestamp | None = None


class SubscriptionStored(Model):
    """Answer to `subscription.put.v1` and `.modify.v1`: the queue exists; events from now on will be in it."""

    subscription: SubscriptionView


class SubscriptionDeleted(Model):
    """Answer to `subscription.delete.v1`."""

    name: str


class SubscriptionDescribed(Model):
    """Answer to `subscription.describe.v1`."""

    subscription: SubscriptionView


class SubscriptionListed(Model):
    """Answer to `subscription.list.v1`; `total_count` is that of all pages."""

    subscriptions: list[SubscriptionView]
    total_count: int = 0
