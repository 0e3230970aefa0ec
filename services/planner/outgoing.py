"""A message in a flow's outbox."""

from contracts.envelope import CloudEvent
from contracts.model import Model


class Outgoing(Model):
    """An event on its way to an exchange."""

    exchange: str
    event: CloudEvent
