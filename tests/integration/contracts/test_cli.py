"""The `vodflow` command as a process of its own, against a peer on a real broker."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from contracts import topology
from contracts.flows import FlowFinished, FlowListed, FlowState, FlowSubmit, Outcome, Rejected
from contracts.subscriptions import SubscriptionStored
from contracts.topology import subscriber_queue
from tests.integration.contracts.standin import FLOW_ID, StandIn, described, flow
from tests.integration.contracts.test_client import ACCEPTED, STORED
from tests.integration.contracts.test_events import numbered

ENDED = flow(FlowState.FINISHED, Outcome.SUCCESS)
STARTER = """
import signal, sys
from contracts import topology
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
topology.COMMANDS, topology.EVENTS = sys.argv[1:3]
del sys.argv[1:3]
from contracts.cli import main
main()
"""


async def start(amqp_url: str, *arguments: str) -> asyncio.subprocess.Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VODFLOW_")}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        STARTER,
        topology.COMMANDS,
        topology.EVENTS,
        *arguments,
        env=environment | {"VODFLOW_AMQP_URL": amqp_url, "VODFLOW_TENANT": "t1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def vodflow(amqp_url: str, *arguments: str) -> tuple[int | None, str, str]:
    process = await start(amqp_url, *arguments)
    out, err = await ended(process)
    return process.returncode, out, err


async def ended(process: asyncio.subprocess.Process) -> tuple[str, str]:
    try:
        async with asyncio.timeout(60):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    return out.decode(), err.decode()


async def test_submit_and_wait_prints_json_and_tells_how_it_ended(
    amqp_url: str, stand_in: StandIn, tmp_path: Path
) -> None:
    film = tmp_path / "a film.mp4"
    film.touch()
    stand_in.rules["flow.submit.v1"] = lambda _: ("flow.accepted.v1", ACCEPTED)
    stand_in.rules["flow.describe.v1"] = described(ENDED)

    flags = "--transcode 100020,100030 --snapshot-at 3.5s,-2s,10% --wait --json"
    code, out, err = await vodflow(amqp_url, "submit", str(film), *flags.split())

    assert (code, err) == (0, "")
    accepted, ended = map(json.loads, out.splitlines())
    assert (accepted["flow_id"], ended["outcome"]) == (FLOW_ID, "success")
    asked = FlowSubmit.model_validate(stand_in.heard[0].data)
    assert asked.input.url == film.as_uri()
    assert asked.tasks is not None
    assert [task.definition for task in asked.tasks.transcode] == [100020, 100030]
    assert asked.tasks.snapshot_by_time_offset[0].time_offsets == ["3.5s", "-2s", "10%"]


async def test_a_failed_flow_exits_with_1(amqp_url: str, stand_in: StandIn) -> None:
    stand_in.rules["flow.describe.v1"] = described(flow(FlowState.FINISHED, Outcome.PARTIAL))
    code, out, _ = await vodflow(amqp_url, "watch", FLOW_ID)
    assert (code, f"flow {FLOW_ID} partial" in out) == (1, True)


async def test_a_refusal_exits_with_3(amqp_url: str, stand_in: StandIn) -> None:
    rejected = Rejected(code="UnauthorizedOperation", message="not below a storage root", field="input.url")
    stand_in.rules["flow.submit.v1"] = lambda _: ("flow.rejected.v1", rejected)
    code, out, err = await vodflow(amqp_url, "submit", "s3://b/a.mp4", "--sprite", "10")
    assert (code, out) == (3, "")
    assert "refused: UnauthorizedOperation: not below a storage root (input.url)" in err


async def test_silence_exits_with_4(amqp_url: str, stand_in: StandIn) -> None:
    stand_in.rules["flow.describe.v1"] = lambda _: None
    code, out, err = await vodflow(amqp_url, "show", FLOW_ID, "--timeout", "0.2")
    assert (code, out) == (4, "")
    assert "nobody answered within 0.2 s" in err


async def test_an_interrupt_exits_with_130(amqp_url: str, stand_in: StandIn) -> None:
    stand_in.rules["flow.describe.v1"] = described(flow())
    process = await start(amqp_url, "watch", FLOW_ID)
    try:
        async with asyncio.timeout(60):
            await stand_in.asked.wait()
        process.send_signal(signal.SIGINT)
    finally:
        _, err = await ended(process)
    assert (process.returncode, err) == (130, "vodflow: interrupted\n")


async def test_list_goes_on_page_by_page(amqp_url: str, stand_in: StandIn) -> None:
    stand_in.rules["flow.list.v1"] = lambda command: (
        "flow.listed.v1",
        FlowListed(flows=[ENDED], scroll_token=None if command.data["scroll_token"] else "more"),
    )
    code, out, _ = await vodflow(amqp_url, "list", "--limit", "5", "--json")
    assert code == 0
    assert [json.loads(line)["flow_id"] for line in out.splitlines()] == [FLOW_ID, FLOW_ID]


async def test_events_prints_and_confirms(amqp_url: str, stand_in: StandIn) -> None:
    name = "cli" + topology.COMMANDS.rpartition(".")[2]
    stand_in.rules["subscription.put.v1"] = lambda _: (
        "subscription.stored.v1",
        SubscriptionStored(subscription=STORED),
    )
    await stand_in.queue(subscriber_queue("t1", name))
    await stand_in.put(subscriber_queue("t1", name), *numbered(1, 2, 3))

    code, out, _ = await vodflow(amqp_url, "events", name, "--count", "2", "--create", "--pattern", "flow.#", "--json")
    assert code == 0
    assert [json.loads(line)["sequence"] for line in out.splitlines()] == [1, 2]
    assert stand_in.heard[0].data["patterns"] == ["flow.#"]

    code, out, _ = await vodflow(amqp_url, "events", name, "--no-follow")
    assert (code, out.count("flow.progressed.v1")) == (0, 1)


async def test_watch_prints_every_event_as_json(amqp_url: str, stand_in: StandIn) -> None:
    stand_in.rules["flow.describe.v1"] = described(ENDED)
    code, out, _ = await vodflow(amqp_url, "watch", FLOW_ID, "--json")
    assert code == 0
    assert FlowFinished.model_validate(json.loads(out)["data"]).flow == ENDED
