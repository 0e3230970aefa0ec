"""A flow's events pulled by the client and on the command line: received, deleted, counted, moved, dropped."""

import asyncio
import json
import os
import sys
from typing import Any

from contracts.subscriptions import SubscriptionPut
from tests.e2e import plain, sources
from tests.e2e.desk import ONE_PICTURE, Desk
from tests.waiting import until


async def vodflow(desk: Desk, tenant: str, command: str) -> tuple[int | None, str, str]:
    """`vodflow queue` as a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VODFLOW_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.local.cli", "queue", *command.split()),
        env=environment | {"VODFLOW_AMQP_URL": desk.amqp_url, "VODFLOW_TENANT": tenant},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_a_flow_is_pulled_whole_and_in_order(desk: Desk) -> None:
    await desk.client.put_subscription(SubscriptionPut(name="events", mode="change"))
    flow_id = await desk.submit(sources.SHORT, ONE_PICTURE, notify={"mode": "change"})
    pulled: list[dict[str, Any]] = []

    async def ended() -> bool:
        events = await desk.client.pull_events()
        if events:
            confirmed = await desk.client.confirm_events([one.event_handle for one in events])
            assert (confirmed.code, confirmed.faults) == ("0", [])
        pulled.extend(one.event for one in events)
        return any(event["type"] == "vodflow.flow.finished.v1" for event in pulled)

    await until(ended, "the flow's end to be pulled")

    await desk.ended(flow_id)
    assert [event["id"] for event in pulled] == [event["id"] for event in desk.recorder.of(flow_id)]
    assert [event["sequence"] for event in pulled] == list(range(1, len(pulled) + 1))
    assert await desk.client.count_events_to_pull() == 0


async def test_the_command_line(desk: Desk) -> None:
    asked = {"name": "mine", "mode": "finish", "dead_letters": {"max_receive_count": 1}, "visibility_s": 1}
    made = await desk.client.put_subscription(SubscriptionPut.model_validate(asked))
    tenant = made.queue.split(".")[2]
    flows = [await desk.submit(sources.TRUNCATED, ONE_PICTURE) for _ in range(2)]
    for flow_id in flows:
        await desk.recorded_end(flow_id)

    code, out, err = await vodflow(desk, tenant, "receive mine --count 16 --wait 20 --json --delete")
    assert (code, err) == (0, "")
    told = [json.loads(line) for line in out.splitlines()]
    assert {one["event"]["flowid"] for one in told} <= set(flows)
    assert [one["dequeue_count"] for one in told] == [1] * len(told)
    code, _, err = await vodflow(desk, tenant, f"delete mine {told[0]['handle']} nonsense")
    assert code == 3
    assert "4430 nonsense" in err and f"4430 {told[0]['handle']}" in err
    await vodflow(desk, tenant, "purge mine")

    third = await desk.submit(sources.TRUNCATED, ONE_PICTURE)
    await desk.recorded_end(third)
    code, out, _ = await vodflow(desk, tenant, "receive mine --wait 20")
    handle, count, flow_id, *_ = out.split()
    assert (code, count, flow_id) == (0, "1", third)
    assert handle.startswith("r")

    async def dead() -> bool:
        code, out, err = await vodflow(desk, tenant, "attributes mine --json")
        assert (code, err) == (0, "")
        return bool(json.loads(out)["dead_count"] == 1)

    await until(dead, "the event to be dead, received once and not deleted")
    assert "dead_count" in (await vodflow(desk, tenant, "attributes mine"))[1]
    assert (await vodflow(desk, tenant, "redrive mine"))[:2] == (0, "moved 1 back\n")
    assert (await vodflow(desk, tenant, "purge mine --json"))[:2] == (0, '{"count": 1}\n')
    assert (await vodflow(desk, tenant, "receive mine --wait 0"))[:2] == (0, "nothing to receive\n")
    code, out, err = await vodflow(desk, tenant, "receive nothing")
    assert (code, out) == (3, "")
    assert "4440" in err and "Traceback" not in err


async def test_the_pull_contract_in_any_language(desk: Desk) -> None:
    """The reference's codes over plain AMQP: 7000 nothing there, 6020 no handle counts, 4430 why not, 4440 no queue."""
    stored = await desk.client.put_subscription(SubscriptionPut(name="plain"))
    tenant = stored.queue.split(".")[2]

    def ask(key: str, **data: Any) -> plain.Answer:
        return plain.ask(desk.amqp_url, key, plain.event(key, data, tenant=tenant))

    nothing = await asyncio.to_thread(ask, "queue.receive.v1", name="plain", wait_s=0)
    assert nothing.data == {"code": "7000", "messages": []}
    deleted = await asyncio.to_thread(ask, "queue.delete.v1", name="plain", handles=["nonsense"])
    assert (deleted.data["code"], [one["code"] for one in deleted.data["faults"]]) == ("6020", ["4430"])
    for key, more in (("queue.receive.v1", {}), ("queue.delete.v1", {"handles": ["x"]}), ("queue.describe.v1", {})):
        assert (await asyncio.to_thread(ask, key, name="nobodys", **more)).refusal == ("4440", "name")
