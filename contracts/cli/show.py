"""`vodflow show`."""

from ..client import VodflowClient
from .exits import run
from .options import DATA, TENANT, TIMEOUT_S, Data, FlowId, Json, Tenant, Timeout
from .output import console, print_json
from .stack import Stack
from .view import flow_lines


def show(
    flow_id: FlowId, as_json: Json = False, tenant: Tenant = TENANT, data: Data = DATA, timeout: Timeout = TIMEOUT_S
) -> None:
    """Describe a flow as it stands, with its results."""

    async def work(client: VodflowClient) -> None:
        flow = await client.describe(flow_id, timeout_s=timeout)
        if as_json:
            print_json(flow)
            return
        for line in flow_lines(flow):
            console().print(line)

    run(Stack(data, tenant), work)
