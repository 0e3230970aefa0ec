"""Put, modify, delete, describe and list: what they answer, what they refuse, and that a refusal changes nothing."""

import asyncio
from typing import Any

import pytest

from contracts.errors import Refused
from contracts.subscriptions import SubscriptionModify, SubscriptionPut, SubscriptionView
from services.notifier import changes
from tests.integration.routing.house import House

HTTP: dict[str, Any] = {"kind": "http", "url": "https://example.com/hook", "secret": "s" * 16}


async def refusal(asking: Any) -> tuple[str, str | None, str]:
    with pytest.raises(Refused) as refused:
        await asking
    return refused.value.code, refused.value.field, str(refused.value)


async def modified(house: House, name: str, **members: Any) -> SubscriptionView:
    return await house.client.modify_subscription(SubscriptionModify.model_validate({"name": name, **members}))


async def test_modify_changes_what_is_given_and_keeps_the_rest(house: House) -> None:
    await house.start()
    first = await house.subscribed(
        patterns=["subtask.#"], tags={"outcome": ["failed"]}, poll_s=3, dead_letters={"max_age_s": 300}
    )

    second = await modified(house, "mine", visibility_s=60)
    third = await modified(house, "mine", dead_letters=None, mode="finish")

    assert second == first.model_copy(update={"visibility_s": 60, "modified_at": second.modified_at})
    assert third == second.model_copy(
        update={"dead_letters": None, "dead_queue": "", "mode": "finish", "modified_at": third.modified_at}
    )
    assert await house.client.describe_subscription("mine") == third
    code, field, _ = await refusal(modified(house, "nobody", poll_s=1))
    assert (code, field) == ("ResourceNotFound.SubscriptionNotFound", "name")
    code, field, _ = await refusal(house.client.describe_subscription("nobody"))
    assert (code, field) == ("ResourceNotFound.SubscriptionNotFound", "name")
    code, _, text = await refusal(modified(house, "mine", retention_s=120, rewind_s=600))
    assert (code, "rewind_s" in text) == ("InvalidParameterValue", True)
    assert await house.client.describe_subscription("mine") == third


@pytest.mark.parametrize(
    ("asked", "code", "field", "told"),
    [
        ({"types": ["flow.finished.v1", "flow.danced.v1"]}, "InvalidParameterValue", "types.1", "flow.progressed.v1"),
        ({"patterns": ["#", "flow.*"]}, "InvalidParameterValue", "patterns.1", "impossible"),
        ({"types": ["flow.finished.v1"], "patterns": ["subtask.#"]}, "InvalidParameterValue", "patterns", "impossible"),
        ({"tags": {"tenant": ["other"]}}, "UnauthorizedOperation", "tags.tenant", "VODFLOW_SUBSCRIPTIONS_FILE"),
        ({"tags": {"tenant": ["*"]}}, "UnauthorizedOperation", "tags.tenant", "VODFLOW_SUBSCRIPTIONS_FILE"),
        (
            {"endpoint": {"kind": "http", "url": "http://127.0.0.1/hook"}},
            "UnauthorizedOperation",
            "endpoint.url",
            "VODFLOW_CALLBACK_NETWORKS",
        ),
        ({"endpoint": {"kind": "http", "url": "ftp://example.com/"}}, "UnsupportedProtocol", "endpoint.url", "http"),
    ],
)
async def test_what_can_t_be_is_refused_and_nothing_is_left_of_it(
    house: House, asked: dict[str, Any], code: str, field: str, told: str
) -> None:
    await house.start()

    found = await refusal(house.subscribed(**asked))
    assert found[:2] == (code, field)
    assert told in found[2]
    assert list(await house.client.list_subscriptions()) == []

    before = await house.subscribed()
    found = await refusal(modified(house, "mine", **asked))
    assert found[0] in (code, "InvalidParameterValue")
    assert await house.client.describe_subscription("mine") == before


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ({}, {"endpoint": HTTP}, "endpoint.kind"),
        ({"endpoint": HTTP}, {"endpoint": {"kind": "queue"}}, "endpoint.kind"),
        ({}, {"dead_letters": {"max_receive_count": 3}}, "dead_letters.max_receive_count"),
        (
            {"dead_letters": {"max_receive_count": 3}},
            {"dead_letters": {"max_receive_count": 4}},
            "dead_letters.max_receive_count",
        ),
        (
            {"dead_letters": {"max_receive_count": 3}},
            {"dead_letters": {"max_age_s": 300}},
            "dead_letters.max_receive_count",
        ),
        ({"dead_letters": {"max_receive_count": 3}}, {"dead_letters": None}, "dead_letters.max_receive_count"),
    ],
)
async def test_what_is_built_into_the_queue_can_t_be_changed(
    house: House, before: dict[str, Any], after: dict[str, Any], field: str
) -> None:
    await house.start()
    stored = await house.subscribed(**before)

    for asking in (house.subscribed(**{**before, **after}), modified(house, "mine", **after)):
        code, at, text = await refusal(asking)
        assert (code, at) == ("InvalidParameterValue", field)
        assert "delete the subscription and put it anew" in text
    assert await house.client.describe_subscription("mine") == stored


async def test_the_secret_is_never_told_and_stays_when_none_is_given(house: House) -> None:
    await house.start()
    put = await house.subscribed(endpoint=HTTP)
    again = await house.subscribed(endpoint={"kind": "http", "url": "https://example.com/other"})
    elsewhere = await modified(house, "mine", endpoint={"kind": "http", "url": "https://example.com/third"})
    (listed,) = await house.client.list_subscriptions()

    for told in (put, again, elsewhere, listed, await house.client.describe_subscription("mine")):
        assert told.endpoint.kind == "http"
        assert told.endpoint.secret is None
    stored = await house.subscriptions.find(house.tenant, "mine")
    assert stored is not None
    assert stored.endpoint.kind == "http"
    assert (stored.endpoint.secret, stored.endpoint.url) == ("s" * 16, "https://example.com/third")


async def test_of_an_http_endpoint_the_rest_stays_too(house: House) -> None:
    await house.start()
    await house.subscribed(endpoint={**HTTP, "strategy": "BACKOFF_RETRY", "content_format": "SIMPLIFIED"})

    changed = await modified(house, "mine", endpoint={"kind": "http", "url": "https://example.com/other"})

    assert changed.endpoint.kind == "http"
    assert (changed.endpoint.strategy, changed.endpoint.content_format) == ("BACKOFF_RETRY", "SIMPLIFIED")


async def test_subscriptions_are_listed_in_pages(house: House) -> None:
    await house.start()
    for name in ("b2", "a1", "b1", "B3", "b3"):
        await house.subscribed(name)

    async def names(**members: Any) -> list[str]:
        return [one.name for one in await house.client.list_subscriptions(**members)]

    assert await names() == ["B3", "a1", "b1", "b2", "b3"]
    assert await names(prefix="b") == ["b1", "b2", "b3"]
    assert await names(prefix="b", offset=1, limit=1) == ["b2"]
    assert await names(prefix=".") == []


async def test_a_tenant_has_so_many_and_no_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one more, however many ask at once, of whichever replica."""
    monkeypatch.setattr(changes, "MOST", 3)
    await house.start()
    await house.start()

    puts = [house.subscribed(f"s{number}") for number in range(8)]
    results = await asyncio.gather(*puts, return_exceptions=True)

    codes = [result.code for result in results if isinstance(result, Refused)]
    assert codes == ["4500"] * 5
    listed = await house.client.list_subscriptions()
    assert len(listed) == 3
    assert (await house.subscribed(listed[0].name, mode="finish")).mode == "finish"


async def test_a_command_of_the_wire_may_say_null(house: House) -> None:
    """As a sender in another language may, who writes every member down."""
    from contracts.envelope import CloudEvent

    await house.start()
    await house.subscribed(poll_s=3, dead_letters={"max_age_s": 300})
    nothing = {name: None for name in SubscriptionModify.model_fields if name not in ("name", "mode")}
    command = CloudEvent(
        id="m-1",
        source="test",
        type="vodflow.subscription.modify.v1",
        tenant=house.tenant,
        data={"name": "mine", "mode": "finish", **nothing},
    )
    await house.desk.publish(command, "vodflow.commands", command.key, reply=True)
    answer, _ = await house.desk.answer()

    told = SubscriptionPut.model_validate(answer.data["subscription"], extra="ignore")
    assert (told.mode, told.poll_s, told.dead_letters) == ("finish", 3, None)
