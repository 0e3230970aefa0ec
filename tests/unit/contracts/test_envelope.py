"""The envelope: what goes in comes out."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.envelope import CloudEvent, event_id
from contracts.flows import FlowCancel

words = st.text(min_size=1, max_size=255)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
moments = st.datetimes(
    min_value=datetime(1970, 1, 1),
    max_value=datetime(2100, 1, 1),
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
events = st.builds(
    CloudEvent,
    id=words,
    source=words,
    type=words,
    time=st.none() | moments,
    subject=st.none() | st.text(),
    flowid=st.none() | words,
    sequence=st.none() | st.integers(1, 2**31),
    tenant=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", fullmatch=True),
    traceparent=st.none() | words,
    data=st.dictionaries(st.text(), json_values, max_size=4),
)


@given(events)
def test_round_trip(event: CloudEvent) -> None:
    assert CloudEvent.model_validate_json(event.to_json()) == event


@given(events)
def test_absent_attributes_are_left_out(event: CloudEvent) -> None:
    assert None not in [value for name, value in json.loads(event.to_json()).items() if name != "data"]


def test_of_makes_up_id_and_time_and_derives_the_type() -> None:
    event = CloudEvent.of("flow.cancel.v1", FlowCancel(flow_id="0" * 32), source="test")
    assert (event.type, event.key, event.data) == ("vodflow.flow.cancel.v1", "flow.cancel.v1", {"flow_id": "0" * 32})
    assert event.id
    assert event.time is not None


def test_time_is_written_in_utc_with_milliseconds() -> None:
    moment = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    event = CloudEvent(id="1", source="s", type="t", time=moment)
    assert json.loads(event.to_json())["time"] == "2026-11-21T10:00:00.123Z"


@pytest.mark.parametrize(
    "wrong", [{"specversion": "0.3"}, {"id": ""}, {"tenant": "a.b"}, {"tenant": ""}, {"sequence": 0}, {"data": "text"}]
)
def test_what_is_no_event_of_ours_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CloudEvent.model_validate({"id": "1", "source": "s", "type": "t"} | wrong)


def test_the_id_of_what_happened_is_the_same_each_time_and_differs_from_others() -> None:
    assert event_id("f", 1) == event_id("f", "1") != event_id("f", 2)
