"""What is kept of a message, and until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.subscriptions import SubscriptionView
from services.notifier.pull.arrivals import NEVER, Arrival, arrival, most_receipts

CAME = datetime(2026, 11, 27, tzinfo=UTC)
BODY = b'{"specversion":"1.0","id":"e1","source":"s","type":"vodflow.flow.started.v1","data":{},"odd":1}'


def subscription(**members: Any) -> SubscriptionView:
    return SubscriptionView.model_validate(
        {"name": "mine", "queue": "q", "dead_queue": "q.dead", "created_at": CAME, "retention_s": 600, **members}
    )


def read(body: bytes = BODY, headers: dict[str, Any] | None = None, **members: Any) -> Arrival:
    arrived = arrival(subscription(**members), body, headers or {}, CAME)
    assert arrived is not None
    return arrived


def test_the_body_is_kept_as_it_is() -> None:
    one = read()
    assert (one.body, one.message_id, one.queue, one.dead_queue, one.count) == (BODY, "e1", "q", "q.dead", 0)
    assert (one.enqueued_at, one.expires_at, one.aged_at) == (CAME, CAME + timedelta(minutes=10), NEVER)


def test_a_replay_is_another_message() -> None:
    replayed = read(BODY.replace(b'"odd":1', b'"replay":"r7"'))
    assert replayed.message_id == "e1/r7"
    assert replayed.key != read().key == read().key


def test_age_and_receipts_by_policy() -> None:
    assert read(dead_letters={"max_age_s": 300}).aged_at == CAME + timedelta(minutes=5)
    assert most_receipts(subscription(dead_letters={"max_age_s": 300})) is None
    assert most_receipts(subscription(dead_letters={"max_receive_count": 3})) == 3
    assert most_receipts(subscription()) is None


@pytest.mark.parametrize(("value", "count"), [(0, 0), (2, 2), ("3", 0), (None, 0)])
def test_receipts_so_far(value: object, count: int) -> None:
    assert read(headers={"x-delivery-count": value}).count == count


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"id":1}', b"[" * 100_000])
def test_what_is_no_event(body: bytes) -> None:
    assert arrival(subscription(), body, {}, CAME) is None
