"""Filters that can't be: what nobody would ever be told by. Pure."""

from contracts import codes
from contracts.catalog import CATALOG
from contracts.subscriptions import SubscriptionPut, Tags
from shared.errors import RequestError

from .rules import matches

EVENTS = tuple(sorted(key for key, message in CATALOG.items() if message.role == "event"))
"""The keys of all public events."""


def check_filter(asked: SubscriptionPut) -> None:
    """Raises RequestError when a type is none of ours, or a pattern can match no event that there is."""
    known = f"the events are {', '.join(EVENTS)}"
    for number, type_ in enumerate(asked.types):
        if type_ not in EVENTS:
            text = f"{type_}: there is no such event; {known}"
            raise RequestError(text, codes.INVALID_PARAMETER_VALUE, f"types.{number}")
    for number, pattern in enumerate(asked.patterns):
        if not any(matches(pattern, key) for key in EVENTS):
            text = f"{pattern}: an impossible pattern, no event matches it; {known}"
            raise RequestError(text, codes.INVALID_PARAMETER_VALUE, f"patterns.{number}")
    if asked.types and not any(matches(pattern, type_) for pattern in asked.patterns for type_ in asked.types):
        text = "impossible together: none of the types matches one of the patterns"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, "patterns")


def check_tenant(tags: Tags, tenant: str) -> None:
    """Raises RequestError when a tenant asks for the events of another."""
    if others := [wanted for wanted in tags.tenant if wanted != tenant]:
        text = (
            f"tenant {tenant!r} may not have the events of {', '.join(map(repr, others))}: an operator may put such a"
            " subscription into the file that VODFLOW_SUBSCRIPTIONS_FILE names"
        )
        raise RequestError(text, codes.STORAGE_REFUSED, "tags.tenant")
