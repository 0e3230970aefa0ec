"""A flow's events posted to a receiver."""

import json

from contracts.offering import Http
from contracts.signing import verify
from contracts.subscriptions import SubscriptionPut
from tests.e2e import sources
from tests.e2e.desk import ONE_PICTURE, Desk
from tests.integration.callbacks.receivers import receiving

SECRET = "0123456789abcdef"


async def test_a_flow_is_posted_from_its_beginning_to_its_end(desk: Desk) -> None:
    async with receiving() as receiver:
        endpoint = Http(url=receiver.url("/hook?of=orders"), secret=SECRET)
        stored = await desk.client.put_subscription(SubscriptionPut(name="orders", endpoint=endpoint))
        assert stored.queue.startswith("vodflow.callback.t-")
        flow_id = await desk.submit(sources.SHORT, ONE_PICTURE, notify={"mode": "change"})
        await desk.ended(flow_id)
        events = desk.recorder.of(flow_id)
        await receiver.has(len(events))
        await desk.client.delete_subscription("orders")
    assert [json.loads(one.body) for one in receiver.got] == events
    for one in receiver.got:
        verify(one.body, one.headers, SECRET)


async def test_the_past_is_posted_again(desk: Desk) -> None:
    async with receiving() as receiver:
        endpoint = Http(url=receiver.url(), secret=SECRET)
        await desk.client.put_subscription(SubscriptionPut(name="again", endpoint=endpoint, rewind_s=3600))
        flow_id = await desk.submit(sources.SHORT, ONE_PICTURE, notify={"mode": "change"})
        await desk.ended(flow_id)
        events = desk.recorder.of(flow_id)
        await receiver.has(len(events))

        replay_id = await desk.client.replay("again", flow_id, from_sequence=2)

        await receiver.has(2 * len(events) - 1)
        await desk.client.delete_subscription("again")
    again = [json.loads(one.body) for one in receiver.got[len(events) :]]
    assert again == [event | {"replay": replay_id} for event in events[1:]]
    for one in receiver.got:
        verify(one.body, one.headers, SECRET)
