"""`vodflow templates put | modify | delete | list`."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from ..client import VodflowClient
from ..templates import TemplateDelete, TemplateModify, TemplatePut, TemplateView
from . import library_options as library
from .exits import EXIT_CODES, USAGE, fail, run
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .output import print_done, print_list, print_more
from .request import WrongFlag, numbers
from .stack import Stack

app = typer.Typer(help="Parameters by number: presets and your own.", no_args_is_help=True, epilog=EXIT_CODES)

Parameters = Annotated[str, typer.Argument(metavar="JSON|@FILE", help="The parameters of the kind.")]


@app.command("put", epilog=EXIT_CODES)
def put(
    kind: library.Kind,
    parameters: Parameters,
    definition: Annotated[int | None, typer.Option(metavar="N", help="Replace this one instead.")] = None,
    name: Annotated[str, typer.Option(help="At most 64 characters.")] = "",
    comment: library.Comment = "",
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Create a template and tell its number, or replace one."""
    values = library.given(parameters, "PARAMETERS")
    command = library.asked(
        TemplatePut, kind=kind, definition=definition, name=name, comment=comment, parameters=values
    )

    async def work(client: VodflowClient) -> None:
        _tell([await client.put_template(command, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("modify", epilog=EXIT_CODES)
def modify(
    kind: library.Kind,
    definition: library.Definition,
    parameters: Annotated[str, typer.Argument(metavar="[JSON|@FILE]", help="Parameters to change.")] = "{}",
    name: Annotated[str | None, typer.Option(help="At most 64 characters.")] = None,
    comment: Annotated[str | None, typer.Option(help="At most 256 characters.")] = None,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Change some of a template. Running flows keep what they were submitted with."""
    values = library.given(parameters, "PARAMETERS")
    command = library.asked(
        TemplateModify, kind=kind, definition=definition, name=name, comment=comment, parameters=values
    )

    async def work(client: VodflowClient) -> None:
        _tell([await client.modify_template(command, timeout_s=timeout)], as_json)

    run(Stack(data, tenant), work)


@app.command("delete", epilog=EXIT_CODES)
def delete(
    kind: library.Kind,
    definition: library.Definition,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Remove a template; its number is never given again."""
    command = library.asked(TemplateDelete, kind=kind, definition=definition)

    async def work(client: VodflowClient) -> None:
        await client.delete_template(command.kind, command.definition, timeout_s=timeout)
        print_done(command, f"deleted {kind} {definition}", as_json=as_json)

    run(Stack(data, tenant), work)


@app.command("list", epilog=EXIT_CODES)
def listing(
    kind: library.Kind,
    definition: Annotated[list[str] | None, typer.Option(metavar="N,N", help="These numbers only.")] = None,
    type_: Annotated[library.Type, typer.Option("--type", help="These only.")] = None,
    offset: library.Offset = 0,
    limit: library.Limit = 10,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """List the templates of a kind, presets first. With --json one a line."""
    try:
        definitions = numbers(definition or [], "--definition")
    except WrongFlag as error:
        fail(USAGE, str(error))

    async def work(client: VodflowClient) -> None:
        found = await client.list_templates(
            kind, definitions=definitions, type=type_, offset=offset, limit=limit, timeout_s=timeout
        )
        _tell(found.templates, as_json)
        if not as_json:
            print_more(found.total_count, offset, len(found.templates))

    run(Stack(data, tenant), work)


def _tell(templates: Sequence[TemplateView], as_json: bool) -> None:
    columns = ("N", "TYPE", "NAME", "PARAMETERS", "COMMENT")
    print_list(templates, columns, _row, none="no templates", as_json=as_json)


def _row(one: TemplateView) -> tuple[str, ...]:
    return str(one.definition), one.type, one.name, json.dumps(one.parameters), one.comment
