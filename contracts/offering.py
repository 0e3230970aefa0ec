"""Where a subscription's events wait or go: into its queue alone, or by HTTP to a URL."""

from typing import Literal

from pydantic import Field

from .model import Asked

Strategy = Literal["BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY"]
ContentFormat = Literal["JSON", "SIMPLIFIED"]


class QueueEndpoint(Asked):
    """The events wait in the subscription's queue for whoever takes them."""

    kind: Literal["queue"] = "queue"


class Http(Asked):
    """The events are posted to `url`, signed with `secret` (absent: as it was, or unsigned); 2xx within 15 s is done.

    `strategy` says what follows a failure (reference G.4): BACKOFF_RETRY three more tries, each after 10 to 20 s, while
    later events wait; EXPONENTIAL_DECAY_RETRY 176 more, after 1, 2, 4 ... 512 s, then every 512 s, while others go on.
    After the last it is a dead letter. `content_format` JSON is the whole event (CloudEvents structured mode),
    SIMPLIFIED its data alone with the attributes as `ce-` headers (binary mode).
    """

    kind: Literal["http"] = "http"
    url: str = Field(min_length=1, max_length=500)
    secret: str | None = Field(default=None, min_length=16, max_length=256, repr=False)
    strategy: Strategy = "EXPONENTIAL_DECAY_RETRY"
    content_format: ContentFormat = "JSON"
