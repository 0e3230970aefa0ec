"""Running a flow and noting when things happened."""

import time
from collections.abc import Awaitable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from contracts.client import VodflowClient
from contracts.edits import EditSubmit
from contracts.flows import FlowAccepted, FlowFinished, FlowSubmit, FlowView, Outcome


@dataclass(frozen=True)
class Run:
    """Moments in seconds since the epoch, as the client saw them."""

    submitted: float
    accepted: float
    finished: float
    flow: FlowView


async def run(client: VodflowClient, url: str, storage: str, tasks: dict[str, Any]) -> Run:
    """Submit, wait for the end. AssertionError unless everything succeeded."""
    command = FlowSubmit.model_validate({"input": {"url": url}, "output": {"storage": storage}, "tasks": tasks})
    return await _ended(client, client.submit(command))


async def edit(client: VodflowClient, command: EditSubmit) -> Run:
    """The same for an edit."""
    return await _ended(client, client.edit(command))


async def _ended(client: VodflowClient, asking: Awaitable[FlowAccepted]) -> Run:
    submitted = time.time()
    told = await asking
    accepted = time.time()
    async with aclosing(client.watch(told.flow_id)) as events:
        async for event in events:
            if event.key == "flow.finished.v1":
                flow = FlowFinished.model_validate(event.data).flow
                assert flow.outcome is Outcome.SUCCESS, flow
                return Run(submitted, accepted, time.time(), flow)
    raise AssertionError("the watch ended before the flow")
