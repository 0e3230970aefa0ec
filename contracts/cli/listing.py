"""`vodflow list`."""

from typing import Annotated

import typer

from ..client import VodflowClient
from ..flows import FlowListed, FlowState, FlowSummary
from .exits import run
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .output import print_list
from .stack import Stack

PAGE = 100


def listing(
    state: Annotated[FlowState | None, typer.Option(help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 10,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """List flows, newest first. With --json one a line."""

    async def work(client: VodflowClient) -> None:
        flows = await _flows(client, state, limit, timeout)
        columns = ("ID", "STATE", "DONE", "CREATED", "SESSION", "SOURCE")
        print_list(flows, columns, _row, none="no flows", as_json=as_json)

    run(Stack(data, tenant), work)


async def _flows(client: VodflowClient, state: FlowState | None, limit: int, timeout_s: float) -> list[FlowSummary]:
    flows: list[FlowSummary] = []
    page: FlowListed | None = None
    while len(flows) < limit and (page is None or page.scroll_token):
        page = await client.list(
            state=state,
            limit=min(limit - len(flows), PAGE),
            scroll_token=page.scroll_token if page else None,
            timeout_s=timeout_s,
        )
        flows += page.flows
    return flows


def _row(flow: FlowSummary) -> tuple[str, ...]:
    created = flow.created_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    state = flow.outcome or flow.state
    return flow.flow_id, state, f"{flow.progress_percent:.0f} %", created, flow.session_id, flow.input.url
