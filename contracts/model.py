"""The base of every data model: consumers ignore fields that they don't know, senders send what they mean.

Validators are built when a model is first used: a service uses few of them, and all would take 3 MB.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer


class Model(BaseModel):
    """A message's data or a part of it.

    Unknown fields are ignored when read: a newer sender may add optional ones within a major version.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, defer_build=True)


class Asked(Model):
    """Something a user asks for: an unknown field is refused, because a misspelt wish would be lost in silence.

    So is a number that is none or has no end (NaN, Infinity): JSON can't pass it on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Timestamp = Annotated[
    datetime,
    AfterValidator(_utc),
    PlainSerializer(lambda value: value.isoformat(timespec="milliseconds").replace("+00:00", "Z"), return_type=str),
]
"""A moment in UTC; JSON form is RFC 3339 with milliseconds and Z."""
