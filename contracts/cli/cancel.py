"""`vodflow cancel`."""

from ..client import VodflowClient
from .exits import run
from .options import DATA, TENANT, TIMEOUT_S, Data, FlowId, Json, Tenant, Timeout
from .output import print_done
from .stack import Stack


def cancel(
    flow_id: FlowId, as_json: Json = False, tenant: Tenant = TENANT, data: Data = DATA, timeout: Timeout = TIMEOUT_S
) -> None:
    """Stop a flow that has not ended."""

    async def work(client: VodflowClient) -> None:
        answer = await client.cancel(flow_id, timeout_s=timeout)
        print_done(answer, f"cancelled {answer.flow_id}: it ends as aborted", as_json=as_json)

    run(Stack(data, tenant), work)
