"""`vodflow queue receive | delete | attributes | redrive | purge`."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from ..client import VodflowClient
from ..subscriber_queues import (
    BATCH,
    HandleFault,
    QueueDelete,
    QueueDescribe,
    QueueDescribed,
    QueuePurge,
    QueuePurged,
    QueueReceive,
    QueueRedrive,
    QueueRedriven,
    ReceivedMessage,
)
from . import library_options as library
from .exits import EXIT_CODES, REFUSED, fail, run
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .output import console, print_done, print_json, table
from .stack import Stack

app = typer.Typer(help="What waits in a subscription's queue.", no_args_is_help=True, epilog=EXIT_CODES)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The subscription's name.")]


@app.command("receive", epilog=EXIT_CODES)
def receive(
    name: Name,
    count: Annotated[int, typer.Option(min=1, max=BATCH, help="How many at most.")] = 1,
    wait: Annotated[
        int | None, typer.Option(metavar="S", min=0, max=30, help="How long to wait for the first; else as put.")
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete what was printed.")] = False,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Receive events: others don't see them until they are deleted by handle, or come again."""
    command = library.asked(QueueReceive, name=name, count=count, wait_s=wait)

    async def work(client: VodflowClient) -> None:
        messages = await client.receive(name, count=command.count, wait_s=command.wait_s, timeout_s=timeout)
        for message in messages:
            _tell_message(message, as_json)
        if not messages and not as_json:
            console().print("nothing to receive")
        if delete and messages:
            handles = [message.handle for message in messages]
            _complain((await client.delete_received(name, handles, timeout_s=timeout)).faults)

    run(Stack(data, tenant), work)


@app.command("delete", epilog=EXIT_CODES)
def delete(
    name: Name,
    handles: Annotated[list[str], typer.Argument(metavar="HANDLE...", help="As received, at most 16.")],
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Delete received events by their handles. A handle that is refused is told, and exits with 3."""
    command = library.asked(QueueDelete, name=name, handles=handles)

    async def work(client: VodflowClient) -> None:
        deleted = await client.delete_received(name, command.handles, timeout_s=timeout)
        gone = len(set(handles)) - len(deleted.faults)
        print_done(deleted, f"deleted {gone}", as_json=as_json)
        _complain(deleted.faults)

    run(Stack(data, tenant), work)


@app.command("attributes", epilog=EXIT_CODES)
def attributes(
    name: Name, as_json: Json = False, tenant: Tenant = TENANT, data: Data = DATA, timeout: Timeout = TIMEOUT_S
) -> None:
    """Show how much waits, is out of sight, or is dead."""
    query = library.asked(QueueDescribe, name=name)

    async def work(client: VodflowClient) -> None:
        described = await client.describe_queue(query.name, timeout_s=timeout)
        if as_json:
            print_json(described)
        else:
            console().print(table(("ATTRIBUTE", "VALUE"), _rows(described)))

    run(Stack(data, tenant), work)


@app.command("redrive", epilog=EXIT_CODES)
def redrive(
    name: Name,
    count: Annotated[int | None, typer.Option(min=1, help="How many at most; else all.")] = None,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Move dead letters back into the queue, counted anew."""
    command = library.asked(QueueRedrive, name=name, count=count)

    async def work(client: VodflowClient) -> None:
        moved = await client.redrive(name, count=command.count, timeout_s=timeout)
        print_done(QueueRedriven(count=moved), f"moved {moved} back", as_json=as_json)

    run(Stack(data, tenant), work)


@app.command("purge", epilog=EXIT_CODES)
def purge(
    name: Name,
    dead: Annotated[bool, typer.Option("--dead", help="The dead letters instead.")] = False,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Drop all that waits, received or not."""
    command = library.asked(QueuePurge, name=name, dead=dead)

    async def work(client: VodflowClient) -> None:
        dropped = await client.purge(name, dead=command.dead, timeout_s=timeout)
        print_done(QueuePurged(count=dropped), f"dropped {dropped}", as_json=as_json)

    run(Stack(data, tenant), work)


def _tell_message(message: ReceivedMessage, as_json: bool) -> None:
    if as_json:
        print_json(message)
        return
    event = message.event
    key = str(event.get("type", "")).removeprefix("vodflow.")
    told = " ".join(str(part) for part in (event.get("flowid"), event.get("sequence"), key) if part)
    console().print(Text.assemble((message.handle, "bold"), f"  {message.dequeue_count}  {told}"))


def _rows(one: QueueDescribed) -> list[tuple[str, str]]:
    told = one.model_dump(mode="json", exclude_none=True, exclude={"rewind"})
    rows = [(name, str(value)) for name, value in told.items()]
    if one.rewind:
        since = one.rewind.since.isoformat()
        rows.append(("rewind", f"{one.rewind.state}, {one.rewind.republished_count} since {since}"))
    return rows


def _complain(faults: Sequence[HandleFault]) -> None:
    if faults:
        fail(REFUSED, *(f"refused: {one.code} {one.handle}: {one.message}" for one in faults))
