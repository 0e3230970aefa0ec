"""`vodflow subscriptions put | modify | delete | describe | list`."""

from collections.abc import Sequence
from typing import Annotated

import typer

from ..client import VodflowClient
from ..offering import Http
from ..subscriptions import SubscriptionDeleted, SubscriptionModify, SubscriptionPut, SubscriptionView
from . import library_options as library
from . import subscription_options as given
from .exits import EXIT_CODES, USAGE, fail, run
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .output import console, print_done, print_json, print_list
from .stack import Stack

app = typer.Typer(help="Who gets which events.", no_args_is_help=True, epilog=EXIT_CODES)


@app.command("put", epilog=EXIT_CODES)
def put(
    name: given.Name,
    type_: given.Type = None,
    pattern: given.Pattern = None,
    tag: given.Tag = None,
    mode: given.Mode = None,
    url: given.Url = None,
    secret: given.Secret = None,
    strategy: given.Strategy = None,
    content_format: given.Format = None,
    visibility: given.Visibility = None,
    poll: given.Poll = None,
    retention: given.Retention = None,
    rewind: given.Rewind = None,
    max_receives: given.MaxReceives = None,
    max_age: given.MaxAge = None,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Create or replace a subscription: from then on its queue keeps events until they are confirmed."""
    members = given.members(
        types=type_,
        patterns=pattern,
        tags=tag,
        mode=mode,
        url=url,
        secret=secret,
        strategy=strategy,
        content_format=content_format,
        visibility=visibility,
        poll=poll,
        retention=retention,
        rewind=rewind,
        max_receives=max_receives,
        max_age=max_age,
    )
    command = library.asked(SubscriptionPut, name=name, **members)

    async def work(client: VodflowClient) -> None:
        _tell([await client.put_subscription(command, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("modify", epilog=EXIT_CODES)
def modify(
    name: given.Name,
    type_: given.Type = None,
    pattern: given.Pattern = None,
    tag: given.Tag = None,
    mode: given.Mode = None,
    url: given.Url = None,
    secret: given.Secret = None,
    strategy: given.Strategy = None,
    content_format: given.Format = None,
    visibility: given.Visibility = None,
    poll: given.Poll = None,
    retention: given.Retention = None,
    rewind: given.Rewind = None,
    max_age: given.MaxAge = None,
    no_dead_letters: Annotated[bool, typer.Option("--no-dead-letters", help="Remove the policy of --max-age.")] = False,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Change what is given of a subscription and keep the rest. --type, --pattern and --tag replace all of theirs."""
    members = given.members(
        types=type_,
        patterns=pattern,
        tags=tag,
        mode=mode,
        url=url,
        secret=secret,
        strategy=strategy,
        content_format=content_format,
        visibility=visibility,
        poll=poll,
        retention=retention,
        rewind=rewind,
        max_receives=None,
        max_age=max_age,
    )
    if no_dead_letters:
        if max_age is not None:
            fail(USAGE, "give either --max-age or --no-dead-letters")
        members["dead_letters"] = None
    command = library.asked(SubscriptionModify, name=name, **members)

    async def work(client: VodflowClient) -> None:
        _tell([await client.modify_subscription(command, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("delete", epilog=EXIT_CODES)
def delete(
    name: given.Name,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Remove a subscription and its queues, with what they still hold."""

    async def work(client: VodflowClient) -> None:
        await client.delete_subscription(name, timeout_s=timeout)
        print_done(SubscriptionDeleted(name=name), f"deleted {name}", as_json=as_json)

    run(Stack(data, tenant), work)


@app.command("describe", epilog=EXIT_CODES)
def describe(
    name: given.Name,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Tell everything about a subscription but its secret."""

    async def work(client: VodflowClient) -> None:
        found = await client.describe_subscription(name, timeout_s=timeout)
        if as_json:
            print_json(found)
            return
        for member, value in found.model_dump(mode="json", exclude_none=True).items():
            console().print(f"{member:14} {value}")

    run(Stack(data, tenant), work)


@app.command("list", epilog=EXIT_CODES)
def listing(
    prefix: Annotated[str, typer.Option(help="Only those whose name begins so.")] = "",
    offset: library.Offset = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 1000,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """List the tenant's subscriptions by name. With --json one a line."""

    async def work(client: VodflowClient) -> None:
        found = await client.list_subscriptions(prefix=prefix, offset=offset, limit=limit, timeout_s=timeout)
        _tell(found, as_json)

    run(Stack(data, tenant), work)


def _tell(subscriptions: Sequence[SubscriptionView], as_json: bool) -> None:
    columns = ("NAME", "EVENTS", "MODE", "KEPT", "QUEUE", "POSTED TO")
    print_list(subscriptions, columns, _row, none="no subscriptions", as_json=as_json)


def _row(one: SubscriptionView) -> tuple[str, ...]:
    wanted = [*one.types, *(pattern for pattern in one.patterns if pattern != "#")]
    tags = [f"{tag}={value}" for tag, values in one.tags.model_dump().items() for value in values]
    url = one.endpoint.url if isinstance(one.endpoint, Http) else ""
    return one.name, " ".join([*wanted, *tags]) or "all", one.mode, f"{one.retention_s} s", one.queue, url
