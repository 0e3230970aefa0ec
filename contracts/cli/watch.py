"""`vodflow watch`."""

from contextlib import aclosing

from ..client import VodflowClient
from .exits import run
from .following import follow
from .options import DATA, TENANT, Data, FlowId, Json, Tenant
from .stack import Stack


def watch(flow_id: FlowId, as_json: Json = False, tenant: Tenant = TENANT, data: Data = DATA) -> None:
    """Follow a flow to its end; the exit code tells how it ended. With --json every event is printed."""

    async def work(client: VodflowClient) -> int:
        async with aclosing(client.watch(flow_id)) as happenings:
            return await follow(happenings, as_json=as_json)

    run(Stack(data, tenant), work)
