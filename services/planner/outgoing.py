"""A message in a flow's outbox."""

from contracts.envelope import CloudEvent
from contracts.model import Model


class Outgoing(Model):
    """An event on its way to an exchange."""

    exchange: str
    event: CloudEvent
    reply_to: str | None = None
    """The queue for the answer, which will have the same `correlation_id`."""
    correlation_id: str | None = None
