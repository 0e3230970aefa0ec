"""`vodflow events`: read a subscription's queue."""

from contextlib import aclosing
from typing import Annotated, Literal

import typer

from ..client import VodflowClient
from ..consuming import Delivery
from ..subscriptions import SubscriptionPut
from .exits import run
from .options import DATA, TENANT, Data, Json, Tenant
from .output import console, print_json
from .stack import Stack

PREFETCH = 20


def events(
    name: Annotated[str, typer.Argument(help="The subscription's name.")],
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Wait for more when the queue is empty.")] = True,
    count: Annotated[int | None, typer.Option(min=1, help="Stop after so many.")] = None,
    create: Annotated[bool, typer.Option("--create", help="Put the subscription first.")] = False,
    pattern: Annotated[
        list[str] | None, typer.Option(help='For --create: which events, such as "flow.finished.v1"; else all.')
    ] = None,
    mode: Annotated[Literal["finish", "change"], typer.Option(help="For --create: ends only, or all.")] = "change",
    at_most_once: Annotated[
        bool, typer.Option("--at-most-once", help="Confirm each before it is printed: none is printed twice.")
    ] = False,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
) -> None:
    """Print a subscription's events and confirm each: what is printed is off the queue. A replay's are told as such."""

    async def work(client: VodflowClient) -> None:
        if create:
            await client.put_subscription(SubscriptionPut(name=name, patterns=pattern or ["#"], mode=mode))
        left = count
        async with aclosing(
            client.events(name, prefetch=min(count or PREFETCH, PREFETCH), follow=follow, at_most_once=at_most_once)
        ) as deliveries:
            async for delivery in deliveries:
                async with delivery:
                    _tell(delivery, as_json)
                left = left - 1 if left is not None else None
                if left == 0:
                    return

    run(Stack(data, tenant), work)


def _tell(delivery: Delivery, as_json: bool) -> None:
    event = delivery.event
    if as_json:
        print_json(event)
        return
    when = event.time.astimezone().strftime("%H:%M:%S") if event.time else ""
    told = event.data.get("subtask") or event.data.get("flow") or event.data
    state = told.get("outcome") or told.get("state") or "" if isinstance(told, dict) else ""
    subtask = told.get("subtask_id", "") if isinstance(told, dict) else ""
    replayed = f"(replay {event.replay})" if event.replay else ""
    parts = (when, event.flowid, event.sequence, event.key, subtask, state, replayed)
    console().print(" ".join(str(part) for part in parts if part))
