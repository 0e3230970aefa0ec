"""Intake's submissions and sessions, the notifier's subscriptions: on a real MongoDB, both drivers."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from contracts import codes
from contracts.envelope import CloudEvent
from contracts.subscriptions import SubscriptionPut
from services.intake.store import Submissions
from services.notifier.store import Subscriptions
from shared.errors import RequestError
from shared.store import Store


def accepted(flow_id: str) -> CloudEvent:
    return CloudEvent(id=f"e-{flow_id}", source="test", type="vodflow.flow.accepted.v1", data={"flow_id": flow_id})


@pytest.fixture
async def submissions(store: Store) -> Submissions:
    made = Submissions(store)
    await made.prepare()
    return made


@pytest.fixture
async def subscriptions(store: Store) -> Subscriptions:
    made = Subscriptions(store)
    await made.prepare()
    return made


async def test_a_submission_is_stored_once_and_the_first_stays(submissions: Submissions) -> None:
    first = await submissions.add("f", "default", accepted("f"))
    again = await submissions.add("f", "default", accepted("f").model_copy(update={"id": "other"}))

    assert (first.event.id, first.untold) == ("e-f", True)
    assert again == first
    assert await submissions.find("f") == first
    assert await submissions.find("g") is None


async def test_told_is_told(submissions: Submissions) -> None:
    await submissions.add("f", "default", accepted("f"))
    await submissions.told("f")

    found = await submissions.find("f")
    assert found is not None and not found.untold


async def test_untold_ones_are_found_once_their_keeper_had_its_time(submissions: Submissions, store: Store) -> None:
    await submissions.add("young", "default", accepted("young"))
    await submissions.add("old", "default", accepted("old"))
    earlier = datetime.now(UTC) - timedelta(seconds=11)
    await store.collection("submissions").update_one({"_id": "old"}, {"$set": {"accepted_at": earlier}})

    assert await submissions.untold() == [("old", accepted("old"))]


async def test_a_flow_exists_for_its_tenant_only(submissions: Submissions) -> None:
    await submissions.add("f", "a", accepted("f"))

    assert await submissions.exists("f", "a")
    assert not await submissions.exists("f", "b")


async def test_a_session_id_belongs_to_the_first_flow(submissions: Submissions) -> None:
    await submissions.claim_session("default", "order-1", "f")
    await submissions.claim_session("default", "order-1", "f")

    with pytest.raises(RequestError, match="flow f") as refused:
        await submissions.claim_session("default", "order-1", "g")

    assert (refused.value.code, refused.value.field) == (codes.TASK_DUPLICATE, "session_id")
    await submissions.claim_session("other", "order-1", "g")
    await submissions.claim_session("default", "", "g")
    await submissions.claim_session("default", "", "h")


async def test_after_three_days_a_session_id_is_free(submissions: Submissions, store: Store) -> None:
    await submissions.claim_session("default", "order-1", "f")
    past = datetime.now(UTC) - timedelta(seconds=1)
    await store.collection("sessions").update_one({"_id": "default/order-1"}, {"$set": {"expires_at": past}})

    await submissions.claim_session("default", "order-1", "g")

    with pytest.raises(RequestError, match="flow g"):
        await submissions.claim_session("default", "order-1", "f")


async def test_of_many_that_claim_a_session_id_one_gets_it(submissions: Submissions) -> None:
    claims = [submissions.claim_session("default", "order-1", f"f-{number}") for number in range(10)]

    results = await asyncio.gather(*claims, return_exceptions=True)

    assert sum(result is None for result in results) == 1
    assert all(isinstance(result, RequestError) for result in results if result is not None)


async def test_a_subscription_is_made_replaced_listed_and_deleted(subscriptions: Subscriptions) -> None:
    first = await subscriptions.put("a", SubscriptionPut(name="all"))
    changed = await subscriptions.put("a", SubscriptionPut(name="all", mode="finish", patterns=["flow.#"]))
    await subscriptions.put("a", SubscriptionPut(name="again"))
    await subscriptions.put("b", SubscriptionPut(name="all"))

    assert (first.queue, first.mode) == ("vodflow.subscriber.a.all", "change")
    assert (changed.mode, changed.patterns, changed.created_at) == ("finish", ["flow.#"], first.created_at)
    assert [found.name for found in await subscriptions.of("a")] == ["again", "all"]
    assert await subscriptions.find("a", "all") == changed

    await subscriptions.delete("a", "all")
    assert await subscriptions.find("a", "all") is None
    assert [found.name for found in await subscriptions.of("b")] == ["all"]
