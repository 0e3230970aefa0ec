"""`vodflow subscriptions put | list | delete`."""

from typing import Annotated, Literal

import typer

from ..client import VodflowClient
from ..subscriptions import SubscriptionDeleted, SubscriptionPut, SubscriptionView
from .exits import EXIT_CODES, run
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .output import print_done, print_list
from .stack import Stack

app = typer.Typer(help="Who gets which events.", no_args_is_help=True, epilog=EXIT_CODES)

Name = Annotated[str, typer.Argument(help="The subscription's name.")]


@app.command("put", epilog=EXIT_CODES)
def put(
    name: Name,
    pattern: Annotated[
        list[str] | None, typer.Option(help='Which events, such as "flow.finished.v1" or "subtask.#"; else all.')
    ] = None,
    mode: Annotated[Literal["finish", "change"], typer.Option(help="Flows' ends only, or every change.")] = "change",
    retention: Annotated[int, typer.Option(metavar="S", help="How long events are kept.")] = 345_600,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Create or replace a subscription: from then on its queue keeps events until they are confirmed."""

    async def work(client: VodflowClient) -> None:
        asked = SubscriptionPut(name=name, patterns=pattern or ["#"], mode=mode, retention_s=retention)
        _tell([await client.put_subscription(asked, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("list", epilog=EXIT_CODES)
def listing(as_json: Json = False, tenant: Tenant = TENANT, data: Data = DATA, timeout: Timeout = TIMEOUT_S) -> None:
    """List the tenant's subscriptions. With --json one a line."""

    async def work(client: VodflowClient) -> None:
        _tell(list(await client.list_subscriptions(timeout_s=timeout)), as_json)

    run(Stack(data, tenant), work)


@app.command("delete", epilog=EXIT_CODES)
def delete(
    name: Name, as_json: Json = False, tenant: Tenant = TENANT, data: Data = DATA, timeout: Timeout = TIMEOUT_S
) -> None:
    """Remove a subscription and its queue, with what it still holds."""

    async def work(client: VodflowClient) -> None:
        await client.delete_subscription(name, timeout_s=timeout)
        print_done(SubscriptionDeleted(name=name), f"deleted {name}", as_json=as_json)

    run(Stack(data, tenant), work)


def _tell(subscriptions: list[SubscriptionView], as_json: bool) -> None:
    columns = ("NAME", "PATTERNS", "MODE", "KEPT", "QUEUE")
    print_list(subscriptions, columns, _row, none="no subscriptions", as_json=as_json)


def _row(one: SubscriptionView) -> tuple[str, ...]:
    return one.name, " ".join(one.patterns), one.mode, f"{one.retention_s} s", one.queue
