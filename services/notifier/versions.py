"""A subscription before and after a change: what of it can be changed, and what is kept of it. Pure."""

from pydantic import ValidationError

from contracts import codes
from contracts.offering import Http
from contracts.subscriptions import SubscriptionModify, SubscriptionPut, SubscriptionView
from shared.errors import RequestError
from shared.validation import invalid
from shared.web_rules import WebRules

_SETTABLE = tuple(name for name in SubscriptionPut.model_fields if name != "name")


def check_endpoint(asked: SubscriptionPut, web: WebRules) -> None:
    """Raises RequestError when events can't be posted to the URL, whatever it may lead to."""
    if isinstance(asked.endpoint, Http):
        try:
            web.checked(asked.endpoint.url)
        except RequestError as error:
            raise RequestError(error.message, error.code, "endpoint.url") from error


def check_built_in(before: SubscriptionView, asked: SubscriptionPut) -> None:
    """Raises RequestError when something is to be changed that is built into the queue."""
    mend = "it is built into the queue: delete the subscription and put it anew"
    kinds = before.endpoint.kind, asked.endpoint.kind
    if kinds[0] != kinds[1]:
        text = f"the endpoint's kind can't be changed from {kinds[0]} to {kinds[1]}; {mend}"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, "endpoint.kind")
    counts = _count(before), _count(asked)
    if counts[0] != counts[1]:
        text = f"max_receive_count can't be changed from {_told(counts[0])} to {_told(counts[1])}; {mend}"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, "dead_letters.max_receive_count")


def with_secret(asked: SubscriptionPut, before: SubscriptionView) -> SubscriptionPut:
    """What is asked, with the secret that was, when none is given."""
    now, then = asked.endpoint, before.endpoint
    if not isinstance(now, Http) or not isinstance(then, Http) or now.secret is not None:
        return asked
    return asked.model_copy(update={"endpoint": now.model_copy(update={"secret": then.secret})})


def without_secret(subscription: SubscriptionView) -> SubscriptionView:
    """A subscription as it may be told."""
    if not isinstance(subscription.endpoint, Http):
        return subscription
    return subscription.model_copy(update={"endpoint": subscription.endpoint.model_copy(update={"secret": None})})


def merged(before: SubscriptionView, change: SubscriptionModify) -> SubscriptionPut:
    """The whole of a subscription of which some members are changed. Raises RequestError when it can't be.

    Null stands for nothing given, but for `dead_letters`, which it removes. Of an HTTP endpoint that stays one, what is
    not given stays as it was.
    """
    members = {name: getattr(before, name) for name in _SETTABLE}
    for name in change.model_fields_set & set(_SETTABLE):
        value = getattr(change, name)
        if isinstance(value, Http) and isinstance(before.endpoint, Http):
            given = {one: getattr(value, one) for one in value.model_fields_set}
            value = before.endpoint.model_copy(update=given | {"secret": value.secret})
        if value is not None or name == "dead_letters":
            members[name] = value
    return _whole(before.name, members)


def _whole(name: str, members: dict[str, object]) -> SubscriptionPut:
    try:
        return SubscriptionPut.model_validate({"name": name, **members})
    except ValidationError as error:
        raise invalid(error, SubscriptionPut) from error


def _count(subscription: SubscriptionPut) -> int | None:
    return subscription.dead_letters.max_receive_count if subscription.dead_letters else None


def _told(count: int | None) -> str:
    return "none" if count is None else str(count)
