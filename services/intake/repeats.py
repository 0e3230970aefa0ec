"""What tells that a command is the same one again: asked again, or delivered again. Pure."""

from contracts.envelope import CloudEvent, event_id


def command_id(command: CloudEvent) -> str:
    """The same for the same message (tenant, type, `source` and `id`), whenever and wherever it comes."""
    return event_id("command", command.tenant, command.key, command.source, command.id)
