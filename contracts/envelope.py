"""The one envelope of every message: a CloudEvents 1.0 event in structured JSON.

Source: CloudEvents 1.0.2, https://github.com/cloudevents/spec (attributes, JSON event format) and its
distributed-tracing and sequence extensions.
"""

import uuid
from datetime import UTC, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from .model import Timestamp

CONTENT_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "vodflow."

_NAMESPACE = uuid.UUID("6d1f5c1e-9f0b-5f3a-8a53-5d6f1f0e2c77")


class CloudEvent(BaseModel):
    """One message.

    `type` is "vodflow." + the routing key; `flowid` and `sequence` are set on a flow's public events, where `sequence`
    counts 1, 2, 3... without gaps; `tenant` says for whom; `traceparent` carries the trace (W3C Trace Context).
    Tags to choose by: `procedure` of a flow's events, `outcome` of those that tell an end. `replay` is the id of the
    replay that an event was published again by.
    Extension attributes that are not listed here are kept.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1, max_length=255)
    source: str = Field(min_length=1, max_length=255)
    type: str = Field(min_length=1, max_length=255)
    time: Timestamp | None = None
    subject: str | None = None
    datacontenttype: str | None = "application/json"
    dataschema: str | None = None
    flowid: str | None = None
    sequence: int | None = Field(default=None, ge=1)
    tenant: str = Field(default="default", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    traceparent: str | None = None
    tracestate: str | None = None
    procedure: str | None = None
    outcome: str | None = None
    replay: str | None = None
    data: dict[str, Any] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """The routing key under which a message of this type travels: `flow.submit.v1`."""
        return self.type.removeprefix(TYPE_PREFIX)

    @classmethod
    def of(cls, key: str, data: BaseModel, *, source: str, **attributes: Any) -> Self:
        """The event of routing key `key` around `data`; `id` and `time` are made up unless given."""
        attributes.setdefault("id", str(uuid.uuid4()))
        attributes.setdefault("time", datetime.now(UTC))
        return cls(type=TYPE_PREFIX + key, source=source, data=data.model_dump(mode="json"), **attributes)

    def to_json(self) -> bytes:
        """The message body: absent attributes are left out, as the JSON event format asks."""
        return self.model_dump_json(exclude_none=True).encode()


def event_id(*what_happened: object) -> str:
    """The id of something that happened, the same each time it is told: a UUID made of its parts' text."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(str(part) for part in what_happened)))
