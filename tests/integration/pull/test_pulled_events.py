"""Pull and confirm: the same under the names of events, with a lease of 30 s."""

from typing import Any

import pytest

from contracts.errors import Refused
from tests.integration.pull.house import House, told


async def test_events_are_pulled_and_confirmed(house: House) -> None:
    await house.start(replicas=2)
    made = await house.put("events", visibility_s=7)
    await house.publish(made.queue, *map(told, range(1, 20)))

    pulled = await house.client.pull_events()

    assert [one.event["id"] for one in pulled] == [f"e{number}" for number in range(1, 17)]
    assert await house.client.count_events_to_pull() == 3
    (lease,) = {
        round((one["visible_at"] - one["first_dequeued_at"]).total_seconds(), 3)
        for one in await house.deliveries.find({}).to_list()
    }
    assert lease == 30
    confirmed = await house.client.confirm_events([*(one.event_handle for one in pulled[:15]), "nonsense"])
    assert confirmed.code == "6010"
    assert [(fault.handle, fault.code) for fault in confirmed.faults] == [("nonsense", "4430")]
    await house.expire()
    assert await house.client.count_events_to_pull() == 4
    assert len(await house.client.pull_events()) == 4


async def test_a_subscription_of_another_name_can_be_pulled_from(house: House) -> None:
    await house.start()
    made = await house.put("other")
    await house.publish(made.queue, told(1))

    (pulled,) = await house.client.pull_events(name="other")

    assert (await house.client.confirm_events([pulled.event_handle], name="other")).code == "0"


async def test_pulling_without_a_subscription_tells_how_to_mend_it(house: House) -> None:
    await house.start()
    with pytest.raises(Refused, match="put a subscription named events") as refused:
        await house.client.pull_events()
    assert (refused.value.code, refused.value.field) == ("4440", "name")


@pytest.mark.parametrize("key", ["queue.receive.v1", "queue.delete.v1", "event.pull.v1", "event.confirm.v1"])
async def test_a_batch_of_17_is_refused_and_changes_nothing(house: House, key: str) -> None:
    await house.start()
    made = await house.put("events")
    await house.publish(made.queue, told(1))
    handles = [f"h{number}" for number in range(17)]
    data: dict[str, dict[str, Any]] = {
        "queue.receive.v1": {"name": "events", "count": 17},
        "queue.delete.v1": {"name": "events", "handles": handles},
        "event.pull.v1": {"count": 17},
        "event.confirm.v1": {"event_handles": handles},
    }

    refused = await house.asked(key, data[key], "too-many")

    assert refused["code"] == "InvalidParameterValue"
    assert refused["field"] in ("count", "handles", "event_handles")
    assert "16" in refused["message"]
    assert await house.deliveries.count_documents({}) == 0
    await house.ready(made.queue, 1)
