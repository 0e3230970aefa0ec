"""How flows get their ids, so that the same message always makes the same flow. Pure."""

from .envelope import event_id

PLANNER = "vodflow/planner"
"""The planner's name as the source of messages."""


def flow_id(tenant: str, source: str, message_id: str) -> str:
    """The id of the flow that a command makes, by its envelope."""
    return event_id("flow", tenant, source, message_id).replace("-", "")


def upload_flow_id(tenant: str, source: str, message_id: str) -> str:
    """The id of the flow that a notice of an upload makes."""
    return event_id("upload", tenant, source, message_id).replace("-", "")


def next_message_id(first: str, number: int) -> str:
    """The id of the command by which the planner starts the `number`th next flow of flow `first`."""
    return event_id(first, "next", number)


def next_flow_id(tenant: str, first: str, number: int) -> str:
    """The id of that next flow."""
    return flow_id(tenant, PLANNER, next_message_id(first, number))
