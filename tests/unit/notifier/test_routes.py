"""The compiled table of subscriptions says the same as looking at each of them."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionView
from services.notifier.filters import EVENTS
from services.notifier.republishing.routes import Route, Routes
from services.notifier.rules import hears, wants


def subscription(**members: Any) -> SubscriptionView:
    fixed = {"name": "s", "queue": "q", "created_at": datetime(2026, 11, 21, tzinfo=UTC)}
    return SubscriptionView.model_validate(fixed | members)


TENANTS = st.sampled_from(["a", "b", "c"])
OUTCOMES = st.sampled_from(["success", "failed"])
PROCEDURES = st.sampled_from(["p", "q"])
TAGS = st.fixed_dictionaries(
    {},
    optional={
        "tenant": st.lists(st.sampled_from(["a", "b", "*"]), max_size=2),
        "procedure": st.lists(PROCEDURES, max_size=2),
        "outcome": st.lists(OUTCOMES, max_size=2),
    },
)
SUBSCRIPTIONS = st.builds(
    subscription,
    types=st.lists(st.sampled_from(EVENTS), max_size=3),
    patterns=st.lists(st.sampled_from(["#", "flow.#", "*.finished.v1", "subtask.*.*"]), min_size=1, max_size=2),
    tags=TAGS,
    mode=st.sampled_from(["finish", "change"]),
)
MESSAGES = st.builds(
    CloudEvent,
    id=st.just("1"),
    source=st.just("s"),
    type=st.sampled_from(EVENTS).map("vodflow.{}".format),
    tenant=TENANTS,
    procedure=st.none() | PROCEDURES,
    outcome=st.none() | OUTCOMES,
    data=st.sampled_from(["none", "finish", "change"]).map(lambda mode: {"notify": {"mode": mode}}),
)


@given(st.lists(st.tuples(TENANTS, SUBSCRIPTIONS), max_size=8), st.lists(MESSAGES, min_size=1, max_size=8))
def test_the_table_finds_what_each_subscription_wants(
    owned: list[tuple[str, SubscriptionView]], events: list[CloudEvent]
) -> None:
    routes = Routes(Route.to(owner, one) for owner, one in owned)
    for event in events:
        expected = [one for owner, one in owned if hears(owner, one, event.tenant) and wants(one, event)]
        assert [route.subscription for route in routes.of(event)] == expected


def test_a_tenant_without_subscriptions_is_heard_by_those_that_hear_all() -> None:
    everyone = Route.to("a", subscription(tags={"tenant": ["*"]}))
    routes = Routes([everyone, Route.to("b", subscription())])
    event = CloudEvent(
        id="1", source="s", type="vodflow.flow.started.v1", tenant="x", data={"notify": {"mode": "change"}}
    )
    assert routes.of(event) == [everyone]


def test_what_is_found_out_is_kept_for_tenants_that_are_named_only() -> None:
    """Events of any number of strange tenants leave nothing behind."""
    routes = Routes([Route.to("a", subscription())])
    for number in range(100):
        routes.of(CloudEvent(id="1", source="s", type="vodflow.flow.started.v1", tenant=f"x{number}"))
    assert len(routes._candidates) == 1
