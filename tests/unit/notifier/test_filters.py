"""What a filter asks for that nobody would ever be told by."""

from typing import Any

import pytest

from contracts.subscriptions import SubscriptionPut
from services.notifier.filters import EVENTS, check_filter, check_tenant
from services.notifier.rules import ENDS
from shared.errors import RequestError


def asked(**members: Any) -> SubscriptionPut:
    return SubscriptionPut.model_validate({"name": "mine", **members})


def test_ends_are_events_that_there_are() -> None:
    assert set(ENDS) <= set(EVENTS)
    assert len(EVENTS) >= 9


@pytest.mark.parametrize("type_", EVENTS)
def test_every_event_can_be_named(type_: str) -> None:
    check_filter(asked(types=[type_]))
    check_filter(asked(patterns=[type_]))


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"types": ["flow.finished.v1", "flow.finished.v2"]}, "types.1"),
        ({"types": ["flow.submit.v1"]}, "types.0"),
        ({"patterns": ["flow"]}, "patterns.0"),
        ({"patterns": ["#", "*.*.*.*"]}, "patterns.1"),
        ({"patterns": ["Flow.#"]}, "patterns.0"),
        ({"types": ["flow.finished.v1"], "patterns": ["*.started.v1", "edit.#"]}, "patterns"),
    ],
)
def test_what_no_event_fits_is_refused(members: dict[str, Any], field: str) -> None:
    with pytest.raises(RequestError) as refused:
        check_filter(asked(**members))
    assert (refused.value.code, refused.value.field) == ("InvalidParameterValue", field)


def test_a_tenant_may_name_itself_only() -> None:
    check_tenant(asked(tags={"tenant": ["a"]}).tags, "a")
    check_tenant(asked().tags, "a")
    for others in (["b"], ["a", "b"], ["*"]):
        with pytest.raises(RequestError, match="VODFLOW_SUBSCRIPTIONS_FILE") as refused:
            check_tenant(asked(tags={"tenant": others}).tags, "a")
        assert (refused.value.code, refused.value.field) == ("UnauthorizedOperation", "tags.tenant")
